import pg from 'pg';
import type { EngineContext } from './context.js';

/** Makes the schema of the history where it is missing, as Prisma's own engine does. */
export async function ensureHistorySchema(context: EngineContext): Promise<void> {
  const connection = await context.connection();
  const { historySchema } = context.settings;
  const { rows } = await connection.query('SELECT 1 WHERE to_regnamespace(quote_ident($1)) IS NULL', [
    historySchema,
  ]);
  if (rows.length > 0) await connection.query(`CREATE SCHEMA ${pg.escapeIdentifier(historySchema)}`);
}

/** The history says what the person at the keyboard was told. */
export async function recordFailure(context: EngineContext, migration: string, text: string): Promise<void> {
  const connection = await context.connection();
  await connection.query(
    `UPDATE _prisma_migrations SET logs = $1
      WHERE migration_name = $2 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [text, migration],
  );
}

/** What the history says of the texts of these migrations, which are all applied. */
export async function checksumsOf(
  context: EngineContext,
  migrations: string[],
): Promise<Map<string, string>> {
  if (migrations.length === 0) return new Map();
  const connection = await context.connection();
  const { rows } = await connection.query(
    `SELECT migration_name, checksum FROM _prisma_migrations
      WHERE migration_name = ANY ($1) AND finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    [migrations],
  );
  return new Map(rows.map(([name, checksum]) => [name ?? '', checksum ?? '']));
}

/** In the centralized folder the history is a view over the histories of all services. */
export async function isCentral(context: EngineContext): Promise<boolean> {
  const connection = await context.connection();
  const { rows } = await connection.query(
    "SELECT 1 FROM pg_class WHERE oid = to_regclass('_prisma_migrations') AND relkind = 'v'",
  );
  return rows.length > 0;
}

/** The services in whose history a migration stands unfinished. Only for the centralized folder. */
export async function servicesThatFailed(context: EngineContext, migration: string): Promise<string[]> {
  const connection = await context.connection();
  const { rows } = await connection.query(
    `SELECT DISTINCT service FROM _prisma_migrations
      WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [migration],
  );
  return rows.flatMap(([service]) => service ?? []);
}
