import type pg from 'pg';
import { literal, quote } from '../history/index.js';
import type { DataMigration, Query } from './definition.js';
import type { LoadedDataMigration } from './files.js';
import { keyTypes } from './key.js';
import { requireShape } from './shape.js';

type Key = string[];

/** The SQL of one data migration: its rows in the order of the key, from a cursor to the end there was at the start. */
export interface Walk {
  /** Estimated by the planner; counting would read the whole table. */
  estimate(cursor: Key | null, last: Key): Promise<number>;
  count(): Promise<number>;
  lastKey(): Promise<Key | undefined>;
  /** Does at most this many rows in the open transaction; answers how many and the new cursor. */
  batch(cursor: Key | null, last: Key, rows: number): Promise<{ rows: number; cursor: Key }>;
}

export async function openWalk(
  client: pg.Client,
  schema: string,
  migration: LoadedDataMigration,
): Promise<Walk> {
  await requireShape(migration);
  const { definition } = migration;
  const { table } = definition;
  // Texts from the file end with a line break, or a comment in them would swallow what follows.
  const condition = `(${definition.where ?? 'true'}\n)`;
  const key = definition.key ?? ['id'];
  const target = `${quote(schema)}.${quote(table)}`;
  const types = await keyTypes(client, schema, table, key);
  const columns = `(${key.map(quote).join(', ')})`;
  const asText = `ARRAY[${key.map((column) => `${quote(column)}::text`).join(', ')}] AS walk_key`;
  const order = (direction: string) => key.map((column) => `${quote(column)} ${direction}`).join(', ');
  const tuple = (value: Key) => `(${value.map((part, at) => `${literal(part)}::${types[at]}`).join(', ')})`;
  const between = (cursor: Key | null, last: Key) =>
    `${condition} AND ${columns} <= ${tuple(last)}${cursor ? ` AND ${columns} > ${tuple(cursor)}` : ''}`;
  const keyAt = async (filter: string, tail: string) =>
    (
      await client.query<{ walk_key: Key }>(
        `SELECT ${asText} FROM ${target} WHERE ${filter} ORDER BY ${tail}`,
      )
    ).rows[0]?.walk_key;

  async function updateRange(set: string, cursor: Key | null, last: Key, rows: number) {
    const end = (await keyAt(between(cursor, last), `${order('ASC')} OFFSET ${rows - 1} LIMIT 1`)) ?? last;
    const { rowCount } = await client.query(`UPDATE ${target} SET ${set}\n WHERE ${between(cursor, end)}`);
    return { rows: rowCount ?? 0, cursor: end };
  }

  async function migrateRows(
    { columns: read, migrate }: Extract<DataMigration, { columns: string[] }>,
    cursor: Key | null,
    last: Key,
    rows: number,
  ) {
    const names = [...new Set([...key, ...read])].map(quote).join(', ');
    const { rows: found } = await client.query<Record<string, unknown> & { walk_key: Key }>(
      `SELECT ${asText}, ${names} FROM ${target} WHERE ${between(cursor, last)}
        ORDER BY ${order('ASC')} LIMIT ${rows} FOR NO KEY UPDATE`,
    );
    const query: Query = async <Result extends object>(sql: string, values: unknown[] = []) =>
      (await client.query<Result>(sql, values)).rows;
    if (found.length > 0)
      await migrate(
        found.map(({ walk_key: _, ...row }) => row),
        query,
      );
    return { rows: found.length, cursor: found.length < rows ? last : (found.at(-1)?.walk_key ?? last) };
  }

  return {
    estimate: async (cursor, last) => {
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
        `EXPLAIN (FORMAT JSON) SELECT FROM ${target} WHERE ${between(cursor, last)}`,
      );
      return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
    },
    count: async () => {
      const { rows } = await client.query<{ count: string }>(
        `SELECT count(*) FROM ${target} WHERE ${condition}`,
      );
      return Number(rows[0]?.count);
    },
    lastKey: () => keyAt(condition, `${order('DESC')} LIMIT 1`),
    batch: (cursor, last, rows) =>
      'set' in definition
        ? updateRange(definition.set, cursor, last, rows)
        : migrateRows(definition, cursor, last, rows),
  };
}
