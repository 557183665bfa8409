import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

/** Runs `prisma generate` where the client is missing or older than the schema. */
export async function generateClient(name) {
  const schema = join(root, name, 'prisma/schema.prisma');
  const client = join(root, name, 'src/generated/prisma/client.ts');
  if (!existsSync(schema) || !existsSync(join(root, name, 'src'))) return;
  const [from, to] = await Promise.all([stat(schema), stat(client).catch(() => undefined)]);
  if (to && to.mtimeMs >= from.mtimeMs) return;
  await run(
    process.execPath,
    [join(root, 'node_modules/prisma/build/index.js'), 'generate', '--no-hints'],
    join(root, name),
  );
}

function run(command, args, cwd) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0 ? done() : fail(new Error(`${args.join(' ')} in ${cwd} failed:\n${output}`)),
    );
  });
}
