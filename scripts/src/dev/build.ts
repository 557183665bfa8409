import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Brings dist/ up to date and answers which of the folders changed; undefined after a mistake in a source. */
export async function build(
  root: string,
  folders: string[],
  report: (line: string) => void,
): Promise<string[] | undefined> {
  const child = spawn(process.execPath, [join(root, 'scripts/build.mjs'), '--no-bundle', ...folders], {
    cwd: root,
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => report(String(chunk).trimEnd()));
  const [code] = await once(child, 'close');
  return code === 0 ? folders.filter((folder) => output.split('\n').includes(`${folder} built`)) : undefined;
}
