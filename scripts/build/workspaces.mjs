import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export async function findWorkspaces() {
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter(
      (e) =>
        e.isDirectory() &&
        existsSync(join(root, e.name, 'package.json')) &&
        existsSync(join(root, e.name, 'src')),
    )
    .map((e) => e.name);
}

export const isService = (name) =>
  name !== 'migrations' && existsSync(join(root, name, 'prisma/schema.prisma'));

/** A workspace and those it is built on; every package is named after its folder: `@bw/auth` is in `auth/`. */
export async function workspacesBehind(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies = {} } = await readManifest(name);
  for (const dependency of Object.keys(dependencies)) {
    if (dependency.startsWith('@bw/')) await workspacesBehind(dependency.slice('@bw/'.length), found);
  }
  return found;
}

export const readManifest = async (name) =>
  JSON.parse(await readFile(join(root, name, 'package.json'), 'utf8'));
