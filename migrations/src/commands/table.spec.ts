import { expect, it } from '@jest/globals';
import { renderTable } from './table.js';

const head = ['service', 'applied', 'drift'];

it('stands in columns, numbers to the right', () => {
  const rows = [head, ['auth', '12', 'none'], ['comments', '3', 'not compared']];
  expect(renderTable(rows)).toBe(
    ['service   applied  drift', 'auth           12  none', 'comments        3  not compared'].join('\n'),
  );
});

it('gives a name a line of its own where 80 columns have no room for it', () => {
  const long = 'c'.repeat(60);
  const fits = 'd'.repeat(57);
  const rows = [head, ['auth', '12', 'none'], [long, '3', 'not compared'], [fits, '4', 'none']];
  const lines = renderTable(rows).split('\n');
  expect(lines.slice(2, 4)).toEqual([long, `${' '.repeat(65)}3  not compared`]);
  expect(lines.map(({ length }) => length)).toEqual([73, 72, 60, 80, 72]);
});
