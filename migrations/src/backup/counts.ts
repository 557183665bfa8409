import type pg from 'pg';
import { quote } from '../history/index.js';

/** Rows by table, `schema.table`. */
export type Counts = Map<string, number>;

export interface Difference {
  table: string;
  /** Undefined where there is no such table. */
  left: number | undefined;
  right: number | undefined;
}

/** Counts every row of every table; in a transaction of the caller's if the counts have to fit together. */
export async function countRows(client: pg.Client): Promise<Counts> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT schemaname AS schema, tablename AS name FROM pg_tables
      WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema' ORDER BY 1, 2`,
  );
  const counts: Counts = new Map();
  for (const { schema, name } of rows) {
    const { rows: counted } = await client.query<{ count: string }>(
      `SELECT count(*) FROM ${quote(schema)}.${quote(name)}`,
    );
    counts.set(`${schema}.${name}`, Number(counted[0]?.count));
  }
  return counts;
}

export function compareCounts(left: Counts, right: Counts): Difference[] {
  const tables = [...new Set([...left.keys(), ...right.keys()])].sort();
  return tables
    .map((table) => ({ table, left: left.get(table), right: right.get(table) }))
    .filter((difference) => difference.left !== difference.right);
}
