import type pg from 'pg';
import { literal, quote } from '../history/index.js';
import type { Service } from '../services/index.js';
import type { Scope } from './scope.js';

/** A row of `_data_migrations`, which lies beside the service's `_prisma_migrations`. */
export interface DataState {
  name: string;
  checksum: string;
  /** Missing where an older version began it. */
  scope?: Scope | null;
  /** The key of the last row done, and of the last one there was at the start, as text. */
  cursor: string[] | null;
  last: string[] | null;
  rows_done: number;
  started_at: Date;
  finished_at: Date | null;
}

export const stateTable = (schema: string): string => `${quote(schema)}."_data_migrations"`;

export async function ensureStateTable(client: pg.Client, { schema, appRole }: Service): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS ${stateTable(schema)} (
    name        text PRIMARY KEY,
    checksum    text NOT NULL,
    scope       jsonb,
    cursor      text[],
    last        text[],
    rows_done   bigint NOT NULL DEFAULT 0,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz
  )`);
  await addScope(client, schema);
  // Default privileges would let the runtime role write here.
  const { rows } = await client.query(`SELECT 1 WHERE to_regrole(${literal(quote(appRole))}) IS NOT NULL`);
  if (rows.length > 0) await client.query(`REVOKE ALL ON ${stateTable(schema)} FROM ${quote(appRole)}`);
}

/** Tables of older versions have no such column. Looked for first, because to add it waits for whoever uses the table. */
async function addScope(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(${literal(stateTable(schema))}) AND attname = 'scope'`,
  );
  if (rows.length > 0) return;
  await client.query(`ALTER TABLE ${stateTable(schema)} ADD COLUMN IF NOT EXISTS scope jsonb`);
}

/** All that is known of a service's data migrations; nothing where none ever ran. */
export async function readStates(client: pg.Client, schema: string): Promise<DataState[]> {
  const { rows: found } = await client.query(
    `SELECT 1 WHERE to_regclass(${literal(stateTable(schema))}) IS NOT NULL`,
  );
  if (found.length === 0) return [];
  const { rows } = await client.query<DataState & { rows_done: string }>(
    `SELECT * FROM ${stateTable(schema)} ORDER BY name`,
  );
  return rows.map((row) => ({ ...row, rows_done: Number(row.rows_done) }));
}

export async function saveStart(
  client: pg.Client,
  schema: string,
  state: Omit<DataState, 'started_at'>,
): Promise<void> {
  await client.query(
    `INSERT INTO ${stateTable(schema)} (name, checksum, scope, cursor, last, rows_done, finished_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, scope = excluded.scope, cursor = excluded.cursor,
         last = excluded.last, rows_done = excluded.rows_done, finished_at = excluded.finished_at`,
    [state.name, state.checksum, state.scope, state.cursor, state.last, state.rows_done, state.finished_at],
  );
}

/** Part of a batch's transaction: the rows and the cursor behind them commit together. */
export async function saveCursor(
  client: pg.Client,
  schema: string,
  { name, cursor, rows_done }: Pick<DataState, 'name' | 'cursor' | 'rows_done'>,
): Promise<void> {
  await client.query(`UPDATE ${stateTable(schema)} SET cursor = $2, rows_done = $3 WHERE name = $1`, [
    name,
    cursor,
    rows_done,
  ]);
}

export async function saveFinish(client: pg.Client, schema: string, name: string): Promise<void> {
  await client.query(`UPDATE ${stateTable(schema)} SET finished_at = clock_timestamp() WHERE name = $1`, [
    name,
  ]);
}
