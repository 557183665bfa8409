import type pg from 'pg';
import { close, connect } from '../connection/index.js';
import { PoolerInTheWay } from './errors.js';

interface Where {
  url: string;
  /** How long to wait for a server that has no connection left. */
  waitMs?: number;
  signal?: AbortSignal | undefined;
}

const patienceMs = 3000;

/**
 * A pooler in transaction mode gives a client whichever server connection is free, so a session lock would be held by
 * a connection that the next moment belongs to somebody else. Poolers invent the process id they announce; where that
 * differs from the backend's own, a second connection takes one in between, and ours must still be the same. Answers
 * the backend's process id.
 */
export async function requireOwnConnection(
  client: pg.Client,
  { url, waitMs = 0, signal }: Where,
): Promise<number> {
  const backendPid = await backendPidOf(client);
  const { processID } = client as pg.Client & { processID: number | null };
  if (processID === backendPid) return backendPid;
  const second = await connect({
    url,
    applicationName: `db look for a pooler (pid ${process.pid})`,
    waitMs,
    signal,
  });
  try {
    await second.query('BEGIN');
    if ((await backendPidWithin(client, patienceMs)) !== backendPid) throw poolerInTheWay(client);
    return backendPid;
  } finally {
    await second.query('COMMIT').catch(() => undefined);
    await close(second);
  }
}

/** A pool of one connection does not answer at all while the second client holds it. */
async function backendPidWithin(client: pg.Client, ms: number): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  const answer = backendPidOf(client);
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}

async function backendPidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

const poolerInTheWay = ({ host, port }: pg.Client): PoolerInTheWay =>
  new PoolerInTheWay(
    'POOLER',
    `${host}:${port} is a connection pooler in transaction mode; migrating needs a connection of its own.`,
    {
      hint: 'Set MIGRATION_DATABASE_URL to the address of PostgreSQL itself, or to a pool in session mode.',
    },
  );
