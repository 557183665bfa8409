import { basename, dirname, join, resolve } from 'node:path';
import { defineConfig } from 'prisma/config';
import { ownTable } from '../data/own-table.js';
import { announceAudience } from '../engine/audience.js';
import { UserError } from '../errors/index.js';
import { findService, findServices, type Service } from '../services/index.js';
import { adminUrl, migrationUrl } from '../settings/index.js';

/** The Prisma settings of one service: its own schema, history and owner role. */
export function servicePrismaConfig(folder: string) {
  const service = findService(basename(folder), dirname(folder));
  return prismaConfig(folder, [service], () => migrationUrl(service));
}

/** The Prisma settings of `migrations/`, where the schemas and histories of all services meet. */
export function centralPrismaConfig(folder: string) {
  const { MIGRATION_DATABASE_URL, DATABASE_URL } = process.env;
  const root = dirname(folder);
  return prismaConfig(
    folder,
    findServices(root),
    () => MIGRATION_DATABASE_URL || DATABASE_URL || adminUrl(root),
  );
}

const schemaEngine = resolve(import.meta.dirname, '../../bin/schema-engine');

function prismaConfig(folder: string, services: Service[], readUrl: () => string) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= schemaEngine;
  // Prisma's question whether there is a newer Prisma goes to a host that need not be reachable.
  process.env.CHECKPOINT_DISABLE ??= '1';
  announceAudience();
  const url = urlIfKnown(readUrl);
  return defineConfig({
    schema: join(folder, 'prisma/schema.prisma'),
    migrations: { path: join(folder, 'prisma/migrations') },
    experimental: { externalTables: true },
    tables: { external: services.map(({ schema }) => ownTable(schema)) },
    ...(url && { datasource: { url } }),
  });
}

/** Generating, validating and formatting need no database, so that none is known is not an error yet. */
function urlIfKnown(readUrl: () => string): string | undefined {
  try {
    return readUrl();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'NO_DATABASE_URL') throw error;
    // Prisma will only say that its configuration has no URL.
    if (needsDatabase(process.argv.slice(2))) console.error(`${error.message}\n${error.hint}\n`);
    return undefined;
  }
}

const needsDatabase = ([command, action]: string[]) =>
  ['migrate', 'db', 'studio'].includes(command ?? '') && action !== 'diff';
