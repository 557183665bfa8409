import { literal } from '../history/index.js';
import type { Alone } from './alone.js';
import type { Statement } from './script.js';
import type { Session } from './session.js';

/** Undefined where the partition belongs to its table no more, or never did. */
export async function stateOfPartition(
  { client }: Session,
  { table = '', partition = '' }: Alone,
): Promise<'attached' | 'pending' | undefined> {
  const { rows } = await client.query<{ pending: boolean }>(
    `SELECT inhdetachpending AS pending FROM pg_inherits
      WHERE inhparent = to_regclass(${literal(table)}) AND inhrelid = to_regclass(${literal(partition)})`,
  );
  if (!rows[0]) return undefined;
  return rows[0].pending ? 'pending' : 'attached';
}

/**
 * DETACH PARTITION … CONCURRENTLY commits its first half, then waits for whoever still reads the table. Where that
 * was broken off, PostgreSQL refuses the statement itself and wants another one in its stead.
 */
export async function restOfDetach(
  session: Session,
  alone: Alone,
  { line }: Statement,
): Promise<Statement | undefined> {
  if (alone.kind !== 'detach' || (await stateOfPartition(session, alone)) !== 'pending') return undefined;
  return { text: `ALTER TABLE ${alone.table} DETACH PARTITION ${alone.partition} FINALIZE`, line };
}
