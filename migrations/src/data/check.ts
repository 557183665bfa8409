import type pg from 'pg';
import { UserError } from '../errors/index.js';
import { quote } from '../history/index.js';
import type { DataMigration } from './definition.js';
import type { LoadedDataMigration } from './files.js';

/** Lets PostgreSQL plan what a data migration says before any of it runs, so that a fault is told with its place. */
export async function checkSql(
  client: pg.Client,
  schema: string,
  { file, definition }: LoadedDataMigration,
): Promise<void> {
  for (const [property, sql] of Object.entries(statementsOf(schema, definition))) {
    try {
      // Named, it is sent as one statement: what may follow a semicolon does not run.
      await client.query({ name: `check ${property}`, text: `EXPLAIN ${sql}` });
    } catch (error) {
      throw explain(error as pg.DatabaseError, file, property);
    }
  }
}

/** Each adds one property to what is known to be right. */
function statementsOf(schema: string, definition: DataMigration): Record<string, string> {
  const { table, where, key } = definition;
  const target = `${quote(schema)}.${quote(table)}`;
  const condition = where ? `\nWHERE (${where}\n)` : '';
  const read = (columns: string[]) => `SELECT ${columns.map(quote).join(', ')} FROM ${target}`;
  return {
    table: read([]),
    ...(key && { key: read(key) }),
    where: `SELECT FROM ${target}${condition}`,
    ...('columns' in definition && { columns: read(definition.columns) }),
    ...('set' in definition &&
      definition.set.trim() !== '' && { set: `UPDATE ${target} SET ${definition.set}${condition}` }),
  };
}

// Classes of errors that lie in the text: unknown names and faults of syntax, values that do not fit, what is not offered.
const faults = /^(42|22|0A)/;
const noRights = '42501';

function explain(error: pg.DatabaseError, file: string, property: string): unknown {
  const { code = '', message, hint } = error;
  if (!faults.test(code) || code === noRights) return error;
  const advice = hint ? ` ${hint}` : '';
  return new UserError(
    'BAD_DATA_SQL',
    `${file}: PostgreSQL refuses its "${property}": ${message}.${advice}`,
    {
      hint: `Correct "${property}" in the file, with the names in the database; where a migration that is pending makes what it names, yarn db deploy first.`,
      cause: error,
    },
  );
}
