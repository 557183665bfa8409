import type pg from 'pg';
import { close, connect, explainQuery } from '../connection/index.js';
import { dropDatabase } from '../engine/index.js';
import { literal, quote } from '../history/index.js';
import { localeOf } from './properties.js';
import { restoreFrom, type Tools } from './tools.js';

export const urlOfDatabase = (url: string, database: string): string =>
  Object.assign(new URL(url), { pathname: `/${encodeURIComponent(database)}` }).href;

export async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect({ url, applicationName: `db backup (pid ${process.pid})` });
  try {
    return await work(client);
  } catch (error) {
    throw explainQuery(error, url);
  } finally {
    await close(client);
  }
}

export const databaseOf = (url: string): string =>
  decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';

export interface Scratch {
  name: string;
  url: string;
}

/** A database of its own with what the file holds, dropped after the work unless that has renamed it. */
export function withRestored<T>(
  adminUrl: string,
  file: string,
  tools: Tools,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  return asAdmin(adminUrl, async (client) => {
    await dropLeftOvers(client, databaseOf(adminUrl));
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 17);
    const name = `${prefixFor(databaseOf(adminUrl))}${stamp}`;
    const scratch = { name, url: urlOfDatabase(adminUrl, name) };
    await client.query(`SELECT pg_advisory_lock(${lockOf(name)})`);
    await client.query(`CREATE DATABASE ${quote(name)} TEMPLATE template0 ${await localeOf(client)}`);
    try {
      await restoreFrom(file, tools, scratch.url, ['--exit-on-error', '--dbname', name]);
      return await work(scratch);
    } finally {
      // Another connection, because swapping the databases ends this one.
      await asAdmin(adminUrl, (other) => dropDatabase(other, name));
    }
  });
}

// Names in PostgreSQL have 63 bytes at most.
const prefixFor = (database: string): string => `${database.slice(0, 35)}_restore_`;

/** Held as long as somebody works with the database, so that a killed restore's can be told from a busy one's. */
const lockOf = (name: string): string => `hashtext('db restore'), hashtext(${literal(name)})`;

async function dropLeftOvers(client: pg.Client, database: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
      WHERE starts_with(datname, $1) AND right(datname, 17) ~ '^\\d{17}$' AND length(datname) = length($1) + 17`,
    [prefixFor(database)],
  );
  for (const { name } of rows) {
    const lock = await client.query<{ free: boolean }>(
      `SELECT pg_try_advisory_lock(${lockOf(name)}) AS free`,
    );
    if (lock.rows[0]?.free) await dropDatabase(client, name);
  }
}
