import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { buildCli } from '../deploy/cli.js';

const repository = resolve(import.meta.dirname, '../../..');

it('tells in words that the engine broke down, and what to do', async () => {
  await buildCli();
  const args = ['--import', join(import.meta.dirname, 'panics.mjs'), join(repository, 'migrations/bin/db')];
  const asked = promisify(execFile)(process.execPath, [...args, 'lint'], { cwd: repository });
  await expect(asked).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^Prisma's schema engine broke down: .*panicked at [\s\S]*\nNothing half-done was kept: run the command again\./,
    ),
  });
}, 60_000);
