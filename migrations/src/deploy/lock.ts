import { setTimeout as sleep } from 'node:timers/promises';
import { literal } from '../history/index.js';
import type { Peer } from './events.js';
import type { Session } from './session.js';

// What stock Prisma locks for every migrate command. Taken shared, so that services do not exclude each other.
const prismaLock = 72707369;
const keyOf = (schema: string) => `hashtext('db deploy'), hashtext(${literal(schema)})`;
const firstPauseMs = 100;
const maxPauseMs = 1000;
const tellEveryMs = 10_000;

/**
 * Waits until this session is the only one that deploys the service; false when that is no longer needed. It asks again
 * and again instead of queueing: a queued session holds a snapshot, and a concurrent index build waits for every
 * snapshot older than itself. What it asks is cheap, because fifty may be asking while the first one works.
 */
export async function takeLock(
  session: Session,
  isStillNeeded: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  const began = Date.now();
  let toldAt: number | undefined;
  let isOurs = await tryLock(session);
  for (let pauseMs = firstPauseMs; !isOurs; pauseMs = Math.min(pauseMs * 1.3, maxPauseMs)) {
    if (toldAt === undefined || Date.now() - toldAt > tellEveryMs) {
      toldAt = Date.now();
      const holders = await holdersOf(session);
      session.emit({ type: 'waiting', holders, waitedMs: toldAt - began });
    }
    await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal: session.signal });
    if (!(await isFree(session))) continue;
    if (!(await isStillNeeded())) break;
    isOurs = await tryLock(session);
  }
  if (toldAt !== undefined) session.emit({ type: 'waited', waitedMs: Date.now() - began });
  return isOurs;
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
export async function releaseLock({ client }: Session): Promise<void> {
  await client.query('RESET ROLE; SELECT pg_advisory_unlock_all()');
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
