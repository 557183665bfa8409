import { quoted, type Rename } from '../renames/index.js';

/** Asks the database; answers rows of values. */
export type Query = (text: string, values?: unknown[]) => Promise<{ rows: unknown[][] }>;

export interface Place {
  /** Quoted, with its schema. */
  table: string;
  column?: string | undefined;
}

/** What is left to do names things as they will be called; their rows are still where they are called as before. */
export function nowCalled({ table, column }: Place, renames: Rename[]): Place {
  const whole = renames.find((each) => each.kind === 'table' && quoted(each.to) === table);
  const part = renames.find(
    (each) => each.kind === 'column' && quoted(each.of) === table && each.to === column,
  );
  return {
    table: whole?.kind === 'table' ? quoted(whole.from) : table,
    column: part?.kind === 'column' ? part.from : column,
  };
}

const most = 1000;

/** How many rows meet a condition, as far as that matters; none where a migration that waits is yet to make the place. */
export async function countRows(query: Query, { table, column }: Place, condition: string): Promise<number> {
  const found = await query(
    `SELECT count(*) FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND NOT attisdropped AND ($2 = '' OR attname = $2)`,
    [table, column ?? ''],
  );
  if (Number(found.rows[0]?.[0]) === 0) return 0;
  const { rows } = await query(
    `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${condition} LIMIT ${most}) AS found`,
  );
  return Number(rows[0]?.[0]);
}

/** The type of a column as SQL; undefined where it is not there yet. */
export async function typeOf(query: Query, { table, column }: Place): Promise<string | undefined> {
  const { rows } = await query(
    `SELECT format_type(atttypid, atttypmod) FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND NOT attisdropped AND attname = $2`,
    [table, column],
  );
  const type = rows[0]?.[0];
  return typeof type === 'string' ? type : undefined;
}

export function inWords(count: number): string {
  if (count === most) return `at least ${most} rows`;
  return count === 1 ? '1 row' : `${count} rows`;
}

/** `post_schema.posts.title` */
export const bareName = ({ table, column }: Place): string =>
  [table.replaceAll('"', ''), ...(column === undefined ? [] : [column])].join('.');
