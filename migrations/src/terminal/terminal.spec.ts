import { afterEach, describe, expect, it } from '@jest/globals';
import { paint, patiently, wrap } from './index.js';

describe('what takes long', () => {
  /** Work that lasts until something was said about it. */
  async function said(isTTY: boolean): Promise<string> {
    const heard: string[] = [];
    let done: () => void = () => undefined;
    const write = (text: string) => {
      heard.push(text);
      done();
    };
    const work = () =>
      new Promise<void>((resolve) => {
        done = resolve;
      });
    await patiently('Comparing', work, { after: 1, output: { isTTY, write } });
    return heard.join('');
  }

  it('is named, and what was said goes away from a terminal again', async () => {
    expect(await said(false)).toBe('Comparing …\n');
    const text = await said(true);
    expect(text).toMatch(/^\rComparing … \d+ s/);
    expect(text.endsWith('\r\u001b[K')).toBe(true);
  });

  it('is not named when it is over soon; answers and failures pass through', async () => {
    const output = { write: () => expect('nothing').toBe('said') };
    expect(await patiently('Comparing', async () => 1, { output })).toBe(1);
    await expect(patiently('Comparing', () => Promise.reject(new Error('no')), { output })).rejects.toThrow(
      'no',
    );
  });
});

describe('colour', () => {
  const { isTTY } = process.stdout;
  const { NO_COLOR } = process.env;
  afterEach(() => {
    process.stdout.isTTY = isTTY;
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
  });

  it.each([
    [true, '', '\u001b[31mred\u001b[39m'],
    [false, '', 'red'],
    [true, '1', 'red'],
  ])('on a terminal (%s) and with NO_COLOR=%s', (terminal, noColor, expected) => {
    process.stdout.isTTY = terminal;
    process.env.NO_COLOR = noColor;
    expect(paint('red', 'red')).toBe(expected);
  });
});

it('wraps at 80 columns, but not within quotes', () => {
  const text = `${'word '.repeat(15)}'${'quoted '.repeat(9)}' end`;
  const lines = wrap(text, '  ', '    ');
  expect(lines).toEqual([`  ${'word '.repeat(15).trim()}`, `    '${'quoted '.repeat(9)}' end`]);
});
