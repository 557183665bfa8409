import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly url: string;
}

/** What is started is compiled from what is tested. */
export const build = () =>
  promisify(execFile)(process.execPath, ['scripts/build.mjs', '--no-bundle'], { cwd: root });

/** A built service as a process of its own; answers when it is ready. */
export async function startProcess(workspace: string, env: Record<string, string>): Promise<RunningProcess> {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: resolve(root, workspace),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes('"msg":"ready"')) continue;
    child.stdout.resume();
    return { child, url: JSON.parse(line).url };
  }
  throw new Error(`${workspace} ended before it was ready: ${said}`);
}
