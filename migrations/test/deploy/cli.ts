import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Sandbox } from './sandbox.js';

const root = resolve(import.meta.dirname, '../../..');

/** Makes `migrations/bin/db` run what the sources say now. */
export const buildCli = () =>
  promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs'), 'migrations']);

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `db ARGUMENTS` as a process of its own, in the sandbox's repository. */
export function startDb(sandbox: Sandbox, args: string[], env: NodeJS.Dict<string> = {}) {
  const child = spawn(process.execPath, [join(root, 'migrations/bin/db'), ...args], {
    cwd: join(sandbox.service.folder, '..'),
    env: {
      PATH: process.env.PATH,
      AUTH_MIGRATION_DATABASE_URL: sandbox.url,
      ADMIN_DATABASE_URL: sandbox.database.adminUrl,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, outcome: outcomeOf(child) };
}

export const runDb = (sandbox: Sandbox, args: string[], env?: NodeJS.Dict<string>): Promise<Outcome> =>
  startDb(sandbox, args, env).outcome;

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}
