import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { close, connect } from '../connection/index.js';
import { literal } from '../history/index.js';
import type { Service } from '../services/index.js';

interface Holder {
  pid: number;
  since: Date;
}

const keyOf = ({ schema }: Service) => `hashtext('db create'), hashtext(${literal(schema)})`;

/** Works as the only one that makes migrations of the service in this database; another is waited for. */
export async function alone<T>(
  service: Service,
  url: string,
  work: () => Promise<T>,
  onWaiting?: (text: string) => void,
): Promise<T> {
  const client = await connect({ url, applicationName: 'db create' });
  try {
    for (let told = false; !(await tryLock(client, service)); told = true) {
      if (!told) onWaiting?.(explain(service, await holderOf(client, service)));
      await sleep(500);
    }
    return await work();
  } finally {
    await close(client);
  }
}

async function tryLock(client: pg.Client, service: Service): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(${keyOf(service)}) AS locked`,
  );
  return rows[0]?.locked === true;
}

async function holderOf(client: pg.Client, { schema }: Service): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(
    `SELECT pid, backend_start AS since FROM pg_stat_activity
      WHERE pid IN (
        SELECT pid FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 2
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::int8, objid::int8) =
             (SELECT hashtext('db create')::int8 & 4294967295, hashtext(${literal(schema)})::int8 & 4294967295))`,
  );
  return rows[0];
}

const explain = ({ name }: Service, holder: Holder | undefined): string => {
  const which = holder ? ` (server process ${holder.pid}, since ${holder.since.toISOString()})` : '';
  return `Another run is making migrations of ${name}${which}. This one waits until that has ended; Ctrl-C gives up.`;
};
