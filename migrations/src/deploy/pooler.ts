import type pg from 'pg';
import { PoolerInTheWay } from './errors.js';
import type { Session } from './session.js';

const patienceMs = 3000;

/**
 * A pooler in transaction mode gives a client whichever server connection is free, so a session lock would be held by
 * a connection that the next moment belongs to somebody else. Poolers invent the process id they announce; where that
 * differs from the backend's own, a second connection takes one in between, and ours must still be the same.
 */
export async function requireOwnConnection(session: Session): Promise<void> {
  const { client, backendPid, observer } = session;
  const { processID } = client as pg.Client & { processID: number | null };
  if (processID === backendPid) return;
  await observer.query('BEGIN', []);
  try {
    if ((await currentPid(client)) !== backendPid) throw poolerInTheWay(client);
  } finally {
    await observer.query('COMMIT', []);
  }
}

/** A pool of one connection does not answer at all while the second client holds it. */
async function currentPid(client: pg.Client): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  const answer = backendPidOf(client);
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}

export async function backendPidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

const poolerInTheWay = ({ host, port }: pg.Client): PoolerInTheWay =>
  new PoolerInTheWay(
    'POOLER',
    `${host}:${port} is a connection pooler in transaction mode; a deploy needs a connection of its own.`,
    {
      hint: 'Set MIGRATION_DATABASE_URL to the address of PostgreSQL itself, or to a pool in session mode.',
    },
  );
