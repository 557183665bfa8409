import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A file that is not as it should be; `before` is missing for a new one, `after` for one to remove. */
export interface FileChange {
  path: string;
  before?: string;
  after?: string;
}

/** How a folder differs from the files it should hold, and no others. */
export async function compareFolder(folder: string, wanted: Map<string, string>): Promise<FileChange[]> {
  const present = await readFolder(folder);
  const paths = [...new Set([...present.keys(), ...wanted.keys()])].sort();
  return paths
    .filter((path) => present.get(path) !== wanted.get(path))
    .map((path) => ({ path: join(folder, path), before: present.get(path), after: wanted.get(path) }));
}

/** Brings files to what they should be; each appears whole or not at all. */
export async function applyChanges(changes: FileChange[]): Promise<void> {
  for (const { path, after } of changes) {
    if (after === undefined) await rm(path, { force: true });
    else await replaceFile(path, after);
  }
  const emptied = new Set(
    changes.filter((change) => change.after === undefined).map(({ path }) => dirname(path)),
  );
  for (const folder of emptied)
    if (existsSync(folder) && (await readdir(folder)).length === 0) await rm(folder, { recursive: true });
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function readFolder(folder: string): Promise<Map<string, string>> {
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const),
    ),
  );
}
