import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRoot } from '@bw/migrations/services';
import { none, runJest } from '@bw/scripts/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

describe('runJest', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bw-jest-'));
    await symlink(join(findRoot(import.meta.dirname), 'node_modules'), join(root, 'node_modules'));
    await writeFile(join(root, 'jest.config.mjs'), 'export default { reporters: [] };');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const run = (...patterns: string[]) =>
    runJest(root, 'jest.config.mjs', patterns, new AbortController().signal);

  it('counts what passed, failed and was skipped', async () => {
    await writeFile(
      join(root, 'one.test.js'),
      "test('a', () => {}); test.skip('b', () => {}); test.todo('c');",
    );
    await writeFile(
      join(root, 'two.test.js'),
      "test('d', () => {}); test('e', () => { throw new Error(); });",
    );
    expect(await run()).toEqual({ ...none, passed: 2, failed: 1, skipped: 2 });
    expect(await run('one')).toEqual({ ...none, passed: 1, skipped: 2 });
  });

  it('says nothing of the file it counts from, and is not misled by what tests print', async () => {
    await writeFile(
      join(root, 'chatty.test.js'),
      "test('a', () => { process.stdout.write('{\\n'); require('fs').writeSync(1, '{}\\n'); });",
    );
    const script = `import { runJest } from '@bw/scripts/testing';
      const { signal } = new AbortController();
      console.log(JSON.stringify(await runJest(process.cwd(), 'jest.config.mjs', [], signal)));`;
    const args = ['--input-type=module', '--eval', script];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root });
    expect(JSON.parse(stdout)).toEqual({ ...none, passed: 1 });
    expect(stderr).toBe('');
  });

  it('counts a file that cannot be loaded as a failure', async () => {
    await writeFile(join(root, 'broken.test.js'), 'this is not JavaScript');
    expect(await run()).toEqual({ ...none, failed: 1 });
  });

  it('names a test that passes only at its second attempt', async () => {
    await writeFile(
      join(root, 'unsteady.test.js'),
      "let n = 0; jest.retryTimes(1); test('wavers', () => { if (n++ === 0) throw new Error(); });",
    );
    expect(await run()).toEqual({ ...none, passed: 1, unsteady: ['wavers'] });
  });

  it('tells why a test failed first, when that is why it failed again', async () => {
    await writeFile(
      join(root, 'twice.test.js'),
      "let n = 0; jest.retryTimes(1, { logErrorsBeforeRetry: true }); test('breaks', () => { throw new Error(n++ ? 'gone' : 'cause'); });",
    );
    const { failed, firstFailures } = await run();
    expect(failed).toBe(1);
    expect(firstFailures).toEqual([expect.stringMatching(/^breaks\nError: cause\n/)]);
  });

  it('does not take the absence of tests for success', async () => {
    expect(await run('nothing')).toMatchObject({ passed: 0, failed: 1 });
  });
});
