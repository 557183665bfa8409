import { describe, expect, it } from '@jest/globals';
import {
  checksum,
  compareHistory,
  type HistoryRow,
  literal,
  quote,
  readMark,
  readText,
  writeMark,
} from './index.js';

const migration = (name: string, sql = 'SELECT 1;\n') => ({ name, file: name, sql, checksum: checksum(sql) });
const row = (name: string, more: Partial<HistoryRow> = {}): HistoryRow => ({
  id: name,
  checksum: checksum('SELECT 1;\n'),
  finished_at: new Date(),
  migration_name: name,
  logs: null,
  rolled_back_at: null,
  started_at: new Date(),
  applied_steps_count: 1,
  ...more,
});
const names = (migrations: { name: string }[]) => migrations.map(({ name }) => name);

describe('folders against history', () => {
  it('tells applied, pending, unfinished and unknown apart', () => {
    const unfinished = row('2', { finished_at: null });
    const found = compareHistory(
      [migration('1'), migration('2'), migration('3')],
      [row('1'), unfinished, row('0')],
    );
    expect(names(found.applied)).toEqual(['1']);
    expect(names(found.pending)).toEqual(['2', '3']);
    expect(found.unfinished).toEqual([
      { row: unfinished, migration: expect.objectContaining({ name: '2' }) },
    ]);
    expect(found.unknown).toEqual(['0']);
  });

  it('forgets what was rolled back', () => {
    const history = [row('1', { finished_at: null, rolled_back_at: new Date() })];
    const found = compareHistory([migration('1')], history);
    expect(names(found.pending)).toEqual(['1']);
    expect(found.unfinished).toEqual([]);
  });

  it('finds an edited file, but not one with other line endings, in either direction', () => {
    const edited = (sql: string, applied: string) =>
      names(compareHistory([migration('1', sql)], [row('1', { checksum: checksum(applied) })]).edited);
    expect(edited('SELECT 2;\n', 'SELECT 1;\n')).toEqual(['1']);
    expect(edited('SELECT 1;\r\n', 'SELECT 1;\n')).toEqual([]);
    expect(edited('SELECT 1;\n', 'SELECT 1;\r\n')).toEqual([]);
  });

  it('does not call a file edited that has more exceptions from lint rules than it had', () => {
    const edited = (sql: string, applied: string) =>
      compareHistory([migration('1', sql)], [row('1', { checksum: checksum(applied) })]).edited.length > 0;
    const note = '-- lint: allow truncate because it is a cache';
    expect(edited(`${note}\nTRUNCATE a;\n`, 'TRUNCATE a;\n')).toBe(false);
    expect(edited(`TRUNCATE a; ${note}\nSELECT 1;`, 'TRUNCATE a;\nSELECT 1;')).toBe(false);
    expect(
      edited(`${note}\r\nTRUNCATE a;\r\n  ${note}\r\nTRUNCATE b;`, `${note}\nTRUNCATE a;\nTRUNCATE b;`),
    ).toBe(false);
    expect(edited(`-- ${note}\nTRUNCATE a;\n`, 'TRUNCATE a;\n')).toBe(true);
    expect(edited(`SELECT '\n${note}\n';`, "SELECT '\n';")).toBe(true);
    expect(edited(`${note}\nTRUNCATE b;\n`, 'TRUNCATE a;\n')).toBe(true);
  });
});

describe('the mark of an unfinished row', () => {
  const mark = {
    state: 'running' as const,
    by: 'pid 1',
    steps: ['a'],
    before: { step: 0, indexes: ['"x".y'] },
  };

  it('comes back as it was written, with the text for people', () => {
    const logs = writeMark(mark, 'Being applied.\nSecond line.');
    expect(readMark(logs)).toEqual(mark);
    expect(readText(logs)).toBe('Being applied.\nSecond line.');
  });

  it('is not seen in the words of another tool', () => {
    for (const logs of [null, '', 'A migration failed', 'db deploy, said somebody'])
      expect(readMark(logs)).toBeUndefined();
    expect(readText('A migration failed')).toBe('A migration failed');
  });
});

it('quotes what goes into SQL', () => {
  expect(quote('a"b')).toBe('"a""b"');
  expect(literal("it's")).toBe("'it''s'");
  expect(literal('back\\slash')).toBe("E'back\\\\slash'");
});
