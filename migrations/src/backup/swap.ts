import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { UserError } from '../errors/index.js';
import { literal, quote } from '../history/index.js';
import { asAdmin, urlOfDatabase } from './scratch.js';

/**
 * Renames the database out of the way and the restored one into its place; answers its new name. The server lets nobody
 * in from when it begins to rename, and waits for those who are in; they are sent away meanwhile. Both names change in
 * one transaction, so that whatever is killed in the middle, there is one database of that name, and it is open.
 */
export async function takePlace(adminUrl: string, name: string, restored: string): Promise<string> {
  const keptAs = `${name.slice(0, 35)}_before_${restored.slice(-17)}`;
  const elsewhere = urlOfDatabase(adminUrl, 'template1');
  await asAdmin(elsewhere, (client) =>
    asAdmin(elsewhere, async (other) => {
      const swapping = swap(client, { name, restored, keptAs });
      const [swapped, sentAway] = await Promise.allSettled([
        swapping,
        sendAway(other, [name, restored], swapping),
      ]);
      if (swapped.status === 'fulfilled') return;
      throw sentAway.status === 'rejected'
        ? sentAway.reason
        : await explain(other, [name, restored], swapped.reason);
    }),
  );
  return keptAs;
}

async function swap(
  client: pg.Client,
  { name, restored, keptAs }: Record<'name' | 'restored' | 'keptAs', string>,
): Promise<void> {
  await client.query(`
    BEGIN;
    ALTER DATABASE ${quote(name)} RENAME TO ${quote(keptAs)};
    ALTER DATABASE ${quote(restored)} RENAME TO ${quote(name)};
    COMMIT`);
}

/** Ends every session of the databases, again and again until the work is over. */
async function sendAway(client: pg.Client, databases: string[], work: Promise<void>): Promise<void> {
  let isOver = false;
  const note = () => {
    isOver = true;
  };
  work.then(note, note);
  while (!isOver) {
    await client.query(`SELECT pg_terminate_backend(pid) FROM ${sessionsOf(databases)}`);
    await sleep(50);
  }
}

const sessionsOf = (databases: string[]): string =>
  `pg_stat_activity WHERE backend_type = 'client backend' AND datname IN (${databases.map(literal).join(', ')})`;

const databaseInUse = '55006';

async function explain(client: pg.Client, databases: string[], error: unknown): Promise<unknown> {
  if ((error as pg.DatabaseError).code !== databaseInUse) return error;
  const { rows } = await client.query<{ session: string }>(
    `SELECT format('%s (%s, %s)', pid, usename, coalesce(nullif(application_name, ''), 'no name')) AS session
       FROM ${sessionsOf(databases)}`,
  );
  const sessions = rows.map(({ session }) => session).join(', ');
  return new UserError(
    'DATABASE_IN_USE',
    `The databases were not swapped: not every session ended. ${sessions}`,
    {
      hint: 'Nothing was changed. Stop what connects, and run the command again.',
      cause: error,
    },
  );
}
