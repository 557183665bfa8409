import type pg from 'pg';
import { UserError } from '../errors/index.js';
import { literal, quote } from '../history/index.js';

/** The types to compare the key with; refuses a key that would pass rows over. */
export async function keyTypes(
  client: pg.Client,
  schema: string,
  table: string,
  key: string[],
): Promise<string[]> {
  const relation = literal(`${quote(schema)}.${quote(table)}`);
  const columns = new Map((await readColumns(client, relation)).map((column) => [column.name, column]));
  const missing = key.filter((name) => !columns.has(name));
  if (columns.size === 0 || missing.length > 0) {
    throw new UserError(
      'NO_SUCH_COLUMN',
      columns.size === 0
        ? `There is no table ${schema}.${table}.`
        : `${schema}.${table} has no column ${missing.join(', ')}.`,
      { hint: 'Deploy the schema migration first, or correct the data migration.' },
    );
  }
  if (!(await isUnique(client, relation, key))) {
    throw new UserError(
      'KEY_NOT_UNIQUE',
      `${schema}.${table} has no unique index on exactly (${key.join(', ')}) that holds for every row.`,
      { hint },
    );
  }
  const empty = key.filter((name) => columns.get(name)?.nullable);
  if (empty.length > 0) {
    throw new UserError(
      'KEY_NULLABLE',
      `${schema}.${table} (${key.join(', ')}) is no key to walk along: ${empty.join(', ')} may be NULL, and such rows would be passed over.`,
      { hint },
    );
  }
  return key.map((name) => columns.get(name)?.type ?? 'text');
}

const hint = 'Name the columns of its primary key, in their order, as "key".';

interface Column {
  name: string;
  type: string;
  nullable: boolean;
}

async function readColumns(client: pg.Client, relation: string): Promise<Column[]> {
  // NOT NULL that is not validated says nothing of the rows there were before.
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type,
            NOT attnotnull OR EXISTS (
              SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'n' AND conkey = ARRAY[attnum] AND NOT convalidated
            ) AS nullable
       FROM pg_attribute WHERE attrelid = to_regclass(${relation}) AND attnum > 0 AND NOT attisdropped`,
  );
  return rows;
}

async function isUnique(client: pg.Client, relation: string, key: string[]): Promise<boolean> {
  const { rows } = await client.query<{ columns: string[] }>(
    `SELECT ARRAY(SELECT attname::text FROM unnest(indkey[0:indnkeyatts - 1]) WITH ORDINALITY k(num, at)
                    JOIN pg_attribute a ON a.attrelid = indrelid AND a.attnum = k.num ORDER BY at) AS columns
       FROM pg_index WHERE indrelid = to_regclass(${relation})
        AND indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL`,
  );
  return rows.some(({ columns }) => columns.join() === key.join());
}
