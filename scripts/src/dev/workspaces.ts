import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
}

/** A service's folder and those of the workspaces it is built on: a change in any of them concerns the service. */
export function foldersBehind(root: string, folder: string): string[] {
  const manifests = readManifests(root);
  const folders = new Set<string>();
  const add = (name: string) => {
    if (folders.has(name)) return;
    folders.add(name);
    for (const dependency of Object.keys(manifests.get(name)?.dependencies ?? {})) {
      for (const [other, manifest] of manifests) if (manifest.name === dependency) add(other);
    }
  };
  add(folder);
  return [...folders];
}

function readManifests(root: string): Map<string, Manifest> {
  const folders = readdirSync(root).filter((name) => existsSync(join(root, name, 'package.json')));
  return new Map(
    folders.map((name) => [
      name,
      JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')) as Manifest,
    ]),
  );
}
