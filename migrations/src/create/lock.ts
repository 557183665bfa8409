import { setTimeout as sleep } from 'node:timers/promises';
import { close, connect } from '../connection/index.js';
import { UserError } from '../errors/index.js';
import { literal } from '../history/index.js';
import type { Service } from '../services/index.js';
import type { Query } from './rows.js';

const keyOf = ({ schema }: Service) => `hashtext('db create'), hashtext(${literal(schema)})`;

/** Works as the only one that makes migrations of the service in this database; another is waited for. */
export async function alone<T>(
  service: Service,
  url: string,
  work: () => Promise<T>,
  onWaiting?: (text: string) => void,
): Promise<T> {
  const client = await connect({ url, applicationName: 'db create' });
  const query: Query = (text, values) => client.query({ text, values, rowMode: 'array' });
  try {
    for (let told = false; !(await tryLock(query, service)); told = true) {
      if (!told)
        onWaiting?.(`${await explain(query, service)} This one waits until that has ended; Ctrl-C gives up.`);
      await sleep(500);
    }
    return await work();
  } finally {
    await close(client);
  }
}

/** As `alone`, for as long as the connection asked lives, and for a caller who can tell nobody that it waits. */
export async function lockFor(query: Query, service: Service, patience: number): Promise<void> {
  const end = Date.now() + patience;
  while (!(await tryLock(query, service))) {
    if (Date.now() > end)
      throw new UserError('BUSY', `${await explain(query, service)} Nothing was changed.`, {
        hint: 'Run the command again when that has ended.',
      });
    await sleep(200);
  }
}

async function tryLock(query: Query, service: Service): Promise<boolean> {
  const { rows } = await query(`SELECT pg_try_advisory_lock(${keyOf(service)})::text`);
  return rows[0]?.[0] === 'true';
}

async function explain(query: Query, { name, schema }: Service): Promise<string> {
  const { rows } = await query(
    `SELECT format(' (server process %s, since %s)', pid, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
       FROM pg_stat_activity
      WHERE pid IN (
        SELECT pid FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 2
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::int8, objid::int8) =
             (SELECT hashtext('db create')::int8 & 4294967295, hashtext(${literal(schema)})::int8 & 4294967295))`,
  );
  return `Another run is making migrations of ${name}${rows[0]?.[0] ?? ''}.`;
}
