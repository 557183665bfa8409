import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { literal, quote } from '../history/index.js';
import type { Peer } from './events.js';
import type { Session } from './session.js';

// What stock Prisma locks for every migrate command. Taken shared, so that services do not exclude each other.
const prismaLock = 72707369;
const keyOf = (schema: string) => `hashtext('db deploy'), hashtext(${literal(schema)})`;
const channel = 'db deploy';
// Who is killed tells nobody that the lock is free: the server notices, and whoever waits asks.
const firstPauseMs = 100;
const maxPauseMs = 1000;
const tellEveryMs = 10_000;

/**
 * Waits until this session is the only one that deploys the service; false when that is no longer needed. It listens for
 * the end of the other instead of queueing: a queued session holds a snapshot, and a concurrent index build waits for
 * every snapshot older than itself.
 */
export async function takeLock(
  session: Session,
  isStillNeeded: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  if (await tryLock(session)) return true;
  const began = Date.now();
  let toldAt: number | undefined;
  const releases = await listen(session);
  const over = (isOurs: boolean) => {
    if (toldAt !== undefined) session.emit({ type: 'waited', waitedMs: Date.now() - began });
    return isOurs;
  };
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.3, maxPauseMs)) {
      if (await isFree(session)) {
        if (!(await isStillNeeded())) return over(false);
        if (await tryLock(session)) return over(true);
      }
      if (toldAt === undefined || Date.now() - toldAt > tellEveryMs) {
        toldAt = Date.now();
        session.emit({ type: 'waiting', holders: await holdersOf(session), waitedMs: toldAt - began });
      }
      await releases.next(pauseMs * (0.5 + Math.random()));
    }
  } finally {
    releases.close();
  }
}

/** What the others say when they are done with the service, also while nobody waits for it. */
async function listen({ client, service: { schema }, signal }: Session) {
  let heard = new AbortController();
  const hear = ({ payload }: pg.Notification) => payload === schema && heard.abort();
  client.on('notification', hear);
  await client.query(`LISTEN ${quote(channel)}`);
  return {
    async next(patience: number): Promise<void> {
      const woken = AbortSignal.any(signal ? [heard.signal, signal] : [heard.signal]);
      await sleep(patience, undefined, { signal: woken }).catch(() => signal?.throwIfAborted());
      heard = new AbortController();
    },
    close: () => client.off('notification', hear),
  };
}

async function tryLock({ client, service: { schema } }: Session): Promise<boolean> {
  // CASE, so that whoever does not get the service's lock does not hold the other one either.
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT CASE WHEN pg_try_advisory_lock_shared(${prismaLock})
       THEN CASE WHEN pg_try_advisory_lock(${keyOf(schema)}) THEN true
                 ELSE NOT pg_advisory_unlock_shared(${prismaLock}) END
       ELSE false END AS locked`,
  );
  return rows[0]?.locked === true;
}

/** Any number may hold the answer at once, so that those who find nothing left to do do not wait for one another. */
async function isFree({ client, service: { schema } }: Session): Promise<boolean> {
  const { rows } = await client.query<{ free: boolean }>(
    `SELECT pg_try_advisory_xact_lock_shared(${keyOf(schema)}) AS free`,
  );
  return rows[0]?.free === true;
}

/** Whoever the last script has turned us into, the rest of the session is ours again. */
export async function releaseLock({ client, service: { schema } }: Session): Promise<void> {
  await client.query('RESET ROLE; SELECT pg_advisory_unlock_all()');
  await client.query(`SELECT pg_notify(${literal(channel)}, ${literal(schema)})`);
}

async function holdersOf({ client, service: { schema } }: Session): Promise<Peer[]> {
  const { rows } = await client.query<Peer>(
    `SELECT pid, usename AS "user", application_name AS application, client_addr AS client,
            backend_start AS since, state, left(query, 200) AS query
       FROM pg_stat_activity
      WHERE pid IN (
        SELECT pid FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND ((objsubid = 2 AND (classid::int8, objid::int8) =
                  (SELECT hashtext('db deploy')::int8 & 4294967295, hashtext(${literal(schema)})::int8 & 4294967295))
             OR (objsubid = 1 AND classid = 0 AND objid = ${prismaLock} AND mode = 'ExclusiveLock')))
      ORDER BY backend_start`,
  );
  return rows;
}
