import { randomUUID } from 'node:crypto';

/** A row of `_prisma_migrations`. */
export interface HistoryRow {
  id: string;
  checksum: string;
  finished_at: Date | null;
  migration_name: string;
  logs: string | null;
  rolled_back_at: Date | null;
  started_at: Date;
  applied_steps_count: number;
}

/** What this folder needs of a connection; a `pg.Client` is one. */
export interface Database {
  query(text: string): Promise<{ rows: unknown[] }>;
}

const undefinedTable = '42P01';

export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
export const literal = (text: string): string =>
  `${text.includes('\\') ? 'E' : ''}'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;

export const historyTable = (schema: string): string => `${quote(schema)}."_prisma_migrations"`;

/** All rows of a service's history, oldest first; undefined when the table does not exist. */
export async function readHistory(database: Database, schema: string): Promise<HistoryRow[] | undefined> {
  try {
    const { rows } = await database.query(
      `SELECT id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count
         FROM ${historyTable(schema)} ORDER BY started_at, migration_name`,
    );
    return rows as HistoryRow[];
  } catch (error) {
    if ((error as { code?: string }).code === undefinedTable) return undefined;
    throw error;
  }
}

/** Without it there can be no history, and nobody has prepared the database. */
export async function hasSchema(database: Database, schema: string): Promise<boolean> {
  const { rows } = await database.query(`SELECT FROM pg_namespace WHERE nspname = ${literal(schema)}`);
  return rows.length > 0;
}

/** The table exactly as Prisma makes it. */
export const createHistory = (schema: string): string => `
CREATE TABLE IF NOT EXISTS ${historyTable(schema)} (
  id                  varchar(36) PRIMARY KEY NOT NULL,
  checksum            varchar(64) NOT NULL,
  finished_at         timestamptz,
  migration_name      varchar(255) NOT NULL,
  logs                text,
  rolled_back_at      timestamptz,
  started_at          timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

export interface Attempt {
  id: string;
  name: string;
  checksum: string;
  /** Steps that earlier attempts already applied. */
  stepsDone: number;
  logs: string;
}

export const newAttemptId = (): string => randomUUID();

/** A new row, or the same row for another attempt after a crash. */
export const recordStart = (schema: string, { id, name, checksum, stepsDone, logs }: Attempt): string =>
  `INSERT INTO ${historyTable(schema)} (id, checksum, migration_name, applied_steps_count, logs, started_at)
     VALUES (${literal(id)}, ${literal(checksum)}, ${literal(name)}, ${stepsDone}, ${literal(logs)}, clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET checksum = excluded.checksum, started_at = excluded.started_at, logs = excluded.logs`;

export const recordStep = (schema: string, id: string, stepsDone: number): string =>
  `UPDATE ${historyTable(schema)} SET applied_steps_count = ${stepsDone} WHERE id = ${literal(id)}`;

export const recordFinish = (schema: string, id: string, stepsDone: number): string =>
  `UPDATE ${historyTable(schema)}
      SET applied_steps_count = ${stepsDone}, finished_at = clock_timestamp(), logs = NULL WHERE id = ${literal(id)}`;

export const recordLogs = (schema: string, id: string, logs: string): string =>
  `UPDATE ${historyTable(schema)} SET logs = ${literal(logs)} WHERE id = ${literal(id)}`;

/** What `prisma migrate resolve --rolled-back` does. */
export const recordRollback = (schema: string, id: string): string =>
  `UPDATE ${historyTable(schema)} SET rolled_back_at = clock_timestamp() WHERE id = ${literal(id)}`;

/** As if it had never been tried: for an attempt that gave up before it changed anything. */
export const forgetAttempt = (schema: string, id: string): string =>
  `DELETE FROM ${historyTable(schema)} WHERE id = ${literal(id)} AND finished_at IS NULL AND applied_steps_count = 0`;

/** What `prisma migrate resolve --applied` writes. */
export const recordBaseline = (schema: string, name: string, checksum: string): string =>
  `INSERT INTO ${historyTable(schema)} (id, checksum, migration_name, started_at, finished_at, applied_steps_count, logs)
     VALUES (${literal(newAttemptId())}, ${literal(checksum)}, ${literal(name)}, clock_timestamp(), clock_timestamp(), 0, '')`;
