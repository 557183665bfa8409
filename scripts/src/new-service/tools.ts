import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import type { Changes } from './changes.js';
import type { Names } from './names.js';

interface Step {
  what: string;
  command: string;
  args: string[];
  /** The root, if not said. */
  folder?: string;
}

/** What the tools below write, besides what they make anew; Yarn stops where its state knows more than yarn.lock. */
const written = [
  'yarn.lock',
  '.yarn/install-state.gz',
  'node_modules/.yarn-state.yml',
  'contracts/src/generated',
  'migrations/prisma',
  'docs/diagram',
];

/** Brings what is generated from the services up to date with them. */
export async function regenerate(
  root: string,
  changes: Changes,
  { steps, signal, say }: { steps: Step[]; signal: AbortSignal; say: (line: string) => void },
): Promise<void> {
  for (const path of written) await changes.touch(path);
  for (const step of steps) {
    say(`  ${step.what} …`);
    await run(step, { root, changes, signal });
  }
}

/** The packages of every workspace, as linked into node_modules. In CI, too, yarn.lock is to learn of the new one. */
export const install: Step = { what: 'packages', command: 'yarn', args: ['install', '--no-immutable'] };

/** Without Yarn, which runs nothing before it has installed the new package. */
export const contracts: Step = {
  what: 'contracts',
  command: 'buf',
  args: ['generate'],
  folder: 'contracts',
};

export const compile: Step = {
  what: 'compiled code',
  command: process.execPath,
  args: ['scripts/build.mjs'],
};

export const central: Step[] = [
  { what: 'centralized schema', command: 'migrations/bin/db', args: ['sync'] },
  { what: 'diagram', command: 'migrations/bin/db', args: ['diagram'] },
];

/** Names of other lengths break lines and sort imports differently. */
export const format = (paths: string[]): Step => ({
  what: 'format',
  command: 'biome',
  args: ['check', '--write', ...paths],
});

export const openApi = ({ service }: Names): Step => ({
  what: 'OpenAPI document',
  command: process.execPath,
  args: [join(service, 'dist/commands/openapi.js')],
});

/** A process group of its own: what it starts in turn has ended, too, when this has. */
async function run(
  { command, args, folder = '.' }: Step,
  { root, changes, signal }: { root: string; changes: Changes; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const bin = join(root, 'node_modules/.bin');
  const PATH = [bin, process.env.PATH, join(root, '.tools/node_modules/.bin')].join(delimiter);
  const env = { ...process.env, PATH };
  const child = spawn(command, args, { cwd: join(root, folder), env, detached: true });
  const stop = () => child.pid && process.kill(-child.pid, 'SIGTERM');
  signal.addEventListener('abort', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  try {
    const [[code]] = await Promise.all([once(child, 'close'), changes.startTool(child.pid)]);
    signal.throwIfAborted();
    if (code !== 0) throw failure(command, args, output);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const failure = (command: string, args: string[], output: string): UserError =>
  new UserError('TOOL_FAILED', `${[command, ...args].join(' ')} failed:\n${output.trim()}`, {
    hint: 'Nothing was changed. Mend it and try again.',
  });
