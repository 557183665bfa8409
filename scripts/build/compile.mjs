import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';
import { root } from './workspaces.mjs';

/** Brings dist/ of one workspace up to date; answers how many files changed. */
export async function compile(name) {
  const source = join(root, name, 'src');
  const target = join(root, name, 'dist');
  const files = (await readdir(source, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)));
  const outputs = new Set(
    files.flatMap((file) => (isCode(file) ? [toJs(file), `${toJs(file)}.map`] : [file])),
  );
  const changed = await Promise.all(
    files.map((file) => compileFile(join(source, file), join(target, toJs(file)))),
  );
  await removeStale(target, outputs);
  return changed.filter(Boolean).length;
}

const isCode = (file) => file.endsWith('.ts');
const toJs = (file) => (isCode(file) ? file.replace(/\.ts$/, '.js') : file);

async function compileFile(from, to) {
  const [source, output] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
  if (output && output.mtimeMs >= source.mtimeMs) return false;
  await mkdir(dirname(to), { recursive: true });
  if (!isCode(from)) {
    await cp(from, to);
    return true;
  }
  const { code, map } = await transformFile(from, {
    configFile: join(root, '.swcrc'),
    sourceFileName: relative(dirname(to), from),
  });
  await replace(`${to}.map`, map ?? '');
  await replace(to, `${code}\n//# sourceMappingURL=${to.slice(to.lastIndexOf('/') + 1)}.map\n`);
  return true;
}

/** At once, because others may be compiling or running the same file. */
async function replace(file, text) {
  const draft = `${file}.${randomUUID()}.draft`;
  await writeFile(draft, text);
  await rename(draft, file);
}

async function removeStale(target, outputs) {
  if (!existsSync(target)) return;
  const folders = new Set([...outputs].flatMap(foldersOf));
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of paths) {
    const isKept = outputs.has(relative(target, path)) || path.endsWith('.draft');
    if (entry.isFile() && !isKept) await rm(path, { force: true });
  }
  // The inner ones first. One that holds somebody's draft stays.
  for (const { entry, path } of paths.toReversed())
    if (entry.isDirectory() && !folders.has(relative(target, path))) await rmdir(path).catch(() => undefined);
}

const foldersOf = (file) => {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
};
