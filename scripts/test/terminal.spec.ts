import { tmpdir } from 'node:os';
import { Terminal } from '@bw/scripts/testing/terminal';
import { expect, it } from '@jest/globals';

it('types into a shell that believes it is a person, answers its questions and tells how it ended', async () => {
  const terminal = new Terminal(tmpdir(), process.env);
  expect(await terminal.type('cd / && test -t 0')).toMatchObject({ code: 0 });
  const { code, output } = await terminal.type('pwd; read -p "Name? " name; echo "Hello $name"; false', {
    'Name? ': 'Anna\r',
  });
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('Hello Anna\n') });
  expect((await terminal.type('cat <<EOF\ntwo\nlines\nEOF')).output).toContain('two\nlines\n');
  // The answer is computed, so that it is the program that shows it, and not the line as it was typed.
  const sleeper = await terminal.type("sh -c 'echo $((6 * 7)); exec sleep 100'", { 42: '\u0003' });
  expect(sleeper).toMatchObject({ code: 130 });
  terminal.close();
});
