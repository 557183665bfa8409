import { literal } from '../history/index.js';
import type { Alone } from './alone.js';
import type { Session } from './session.js';

interface Index {
  name: string;
  valid: boolean;
}

/** The indexes of the table whose indexes a statement builds; none for statements that build none. */
export async function indexesAround({ client }: Session, { table, index }: Alone): Promise<Index[]> {
  const of = table
    ? `to_regclass(${literal(table)})`
    : `(SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass(${literal(index ?? '')}))`;
  const { rows } = await client.query<Index>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, i.indisvalid AS valid
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE i.indrelid = ${of} ORDER BY 1`,
  );
  return rows;
}

/**
 * Drops what a broken-off build left INVALID: the index the statement names, whoever left it, and any other that
 * was not there before. `IF NOT EXISTS` would otherwise be content with an index that serves no query.
 */
export async function dropInvalid(
  session: Session,
  migration: string,
  alone: Alone,
  before: string[],
): Promise<void> {
  if (alone.kind !== 'build-index' && alone.kind !== 'reindex') return;
  const named = alone.kind === 'build-index' ? await nameOf(session, alone.index) : undefined;
  const left = (await indexesAround(session, alone)).filter(
    ({ name, valid }) => !valid && (name === named || !before.includes(name)),
  );
  for (const { name } of left) {
    session.emit({ type: 'invalid-index', migration, index: name });
    await session.client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  }
}

/** With its schema; undefined where there is no such index. */
export async function nameOf({ client }: Session, index = ''): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = to_regclass(${literal(index)})`,
  );
  return rows[0]?.name;
}
