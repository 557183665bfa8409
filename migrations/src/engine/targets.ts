import { readFile } from 'node:fs/promises';
import type {
  MigrationList,
  SchemaFilter,
  SchemasContainer,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaFile } from './settings.js';

export { readMigrations } from '../history/folders.js';

export const noFilter: SchemaFilter = { externalTables: [], externalEnums: [] };

export const container = (files: SchemaFile[]): SchemasContainer => ({
  files: files.map(([path, content]) => ({ path, content })),
});

/** A schema without models: it only says where to look. */
export const datasourceOnly = (schema: string): SchemaFile => [
  'schema.prisma',
  `datasource db {\n  provider = "postgresql"\n  schemas  = ["${schema}"]\n}\n`,
];

const lock = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' };

/** A migration by its folder's name and its SQL. */
export interface MigrationSource {
  name: string;
  sql: string;
}

/** A history as the engine takes it, in the order of the names. */
export function migrationList(
  baseDir: string,
  migrations: MigrationSource[],
  shadowDbInitScript = '',
): MigrationList {
  const directories = [...migrations].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    baseDir,
    lockfile: lock,
    shadowDbInitScript,
    migrationDirectories: directories.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

export async function readSchemaFile(path: string): Promise<SchemaFile> {
  return [path, await readFile(path, 'utf8')];
}
