import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../errors/index.js';
import { type DataMigration, type SqlDataMigration, writeDefinition } from './definition.js';
import { assertFree, fullName } from './name.js';

export interface LoadedDataMigration {
  name: string;
  file: string;
  checksum: string;
  definition: DataMigration;
}

const folderOf = (root: string): string => join(root, 'migrations/data-migrations');
export const dataMigrationFile = (root: string, name: string): string => join(folderOf(root), `${name}.ts`);

/** Names without the ending, in the order of their dates. */
export async function listDataMigrations(root: string): Promise<string[]> {
  const files = await readdir(folderOf(root)).catch(() => []);
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/** A name may be given without its date. */
export async function loadDataMigration(root: string, given: string): Promise<LoadedDataMigration> {
  const names = await listDataMigrations(root);
  const name = fullName(names, given);
  if (!name) throw unknownName(root, given, names);
  const file = dataMigrationFile(root, name);
  const source = await readFile(file, 'utf8');
  const module = (await importTypeScript(file, source, root)) as { default?: unknown };
  const digest = createHash('sha256').update(source).digest('hex');
  return { name, file, checksum: digest, definition: check(module.default, file) };
}

/** Writes the file a person then fills in. */
export async function newDataMigration(
  root: string,
  name: string,
  example: SqlDataMigration,
  now: Date,
): Promise<string> {
  assertFree(await listDataMigrations(root), name);
  const file = dataMigrationFile(root, `${now.toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`);
  await mkdir(folderOf(root), { recursive: true });
  await writeFile(file, writeDefinition(example), { flag: 'wx' });
  return file;
}

/** Node 24 reads TypeScript as it is; for Node 20 the types are taken out first. */
async function importTypeScript(file: string, source: string, root: string): Promise<unknown> {
  const { features } = process as typeof process & { features: { typescript?: string | false } };
  if (features.typescript) return import(pathToFileURL(file).href);
  const { transform } = await import('@swc/core');
  const { code } = await transform(source, {
    filename: file,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  });
  const cache = join(root, 'node_modules/.cache/data-migrations');
  await mkdir(cache, { recursive: true });
  const plain = join(cache, `${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`);
  // Somebody else may be reading the file at this moment, so it appears as a whole.
  const part = `${plain}.${process.pid}-${performance.now()}`;
  await writeFile(part, code);
  await rename(part, plain);
  return import(pathToFileURL(plain).href);
}

function check(value: unknown, file: string): DataMigration {
  const found = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const faults = [
    ...['service', 'table']
      .filter((field) => typeof found[field] !== 'string')
      .map((field) => `${field} is missing`),
    ...(typeof found.set === 'string' || (typeof found.migrate === 'function' && Array.isArray(found.columns))
      ? []
      : ['it has neither "set" nor "columns" with "migrate"']),
    ...(found.key === undefined || (Array.isArray(found.key) && found.key.length > 0)
      ? []
      : ['key is not a list']),
  ];
  if (faults.length === 0) return found as unknown as DataMigration;
  throw new UserError(
    'BAD_DATA_MIGRATION',
    `${file} does not export a data migration: ${faults.join('; ')}.`,
    {
      hint: 'yarn db data new NAME --service SERVICE writes an example.',
    },
  );
}

const unknownName = (root: string, given: string, names: string[]): UserError =>
  new UserError('UNKNOWN_DATA_MIGRATION', `There is no data migration "${given}" in ${folderOf(root)}.`, {
    hint:
      names.length > 0
        ? `There are: ${names.join(', ')}.`
        : 'There are none yet: yarn db data new NAME --service SERVICE.',
  });
