import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalog, replay } from '@bw/migrations/locks';
import { rewrite } from '@bw/migrations/rewrite';
import { readStatements } from '@bw/migrations/sql';
import pg from 'pg';
import { startServer, stopServer } from '../postgres/index.js';
import { freePort } from '../processes/index.js';
import { say } from '../terminal/index.js';
import { changes, fillTables, makeTables } from './lock-changes.js';
import type { Measurement } from './report.js';
import { startTraffic } from './traffic.js';

const rows = 1_000_000;
/** Nobody should notice a migration for longer than this. */
const target = 100;

/** How long a reader and a writer of a table wait, at worst, for Prisma's own SQL and for what is made of it. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  // Where root starts it, PostgreSQL runs as somebody else, who may not enter root's own TMPDIR.
  const folder = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'bw-bench-'));
  try {
    // In UTC a change to timestamptz would be free for Prisma's SQL as well, and not everyone's server is.
    const settings = { timezone: 'Europe/Berlin', max_wal_size: '4GB' };
    const { adminUrl } = await startServer({
      folder,
      port: await freePort(),
      logFile: join(folder, 'log'),
      settings,
    });
    say(`Filling a table with ${rows} rows …`);
    await prepare(adminUrl);
    const measurements = await measureQuiet(adminUrl);
    for (const change of changes) {
      signal.throwIfAborted();
      say(`${change.what} …`);
      const [generated, safe] = [
        await measureScripts(adminUrl, [change.sql]),
        await measureSafe(adminUrl, change),
      ];
      measurements.push(
        ...show(`${change.what}, as Prisma writes it${generated.failed ? ' (and it fails)' : ''}`, generated),
        ...show(`${change.what}, as this project does`, safe, target),
      );
    }
    return measurements;
  } finally {
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

interface Waits {
  reader: number;
  writer: number;
  failed: boolean;
}

const show = (what: string, { reader, writer }: Waits, target?: number): Measurement[] =>
  [
    { what: `${what}: reads wait`, value: reader, unit: 'ms' as const },
    { what: `${what}: writes wait`, value: writer, unit: 'ms' as const },
  ].map((measurement) => ({ ...measurement, ...(target && { target }) }));

/** What a query takes at worst on this machine when nothing is migrated. */
async function measureQuiet(adminUrl: string): Promise<Measurement[]> {
  return show('nothing', await measureScripts(adminUrl, ['SELECT pg_sleep(3)']));
}

async function measureSafe(adminUrl: string, { sql, fills = {} }: (typeof changes)[number]): Promise<Waits> {
  const before = new Catalog('bench');
  for (const { node } of (await readStatements(makeTables)) ?? []) replay(node, before);
  before.beginMigration();
  const drafts = await rewrite(sql, { before, fills: new Map(Object.entries(fills)) });
  return measureScripts(
    adminUrl,
    drafts.map((draft) => draft.sql),
  );
}

/** Runs scripts on a fresh copy of the tables, one after the other, with a reader and a writer beside them. */
async function measureScripts(adminUrl: string, scripts: string[]): Promise<Waits> {
  await query(adminUrl, 'CREATE DATABASE copy TEMPLATE filled STRATEGY file_copy');
  const url = urlOf(adminUrl, 'copy');
  const migration = await connect(url);
  const traffic = await startTraffic(url, rows);
  let failed = false;
  try {
    for (const script of scripts) await migration.query(script);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    failed = true;
  } finally {
    await migration.end();
  }
  const waits = await traffic.stop();
  await query(adminUrl, 'DROP DATABASE copy WITH (FORCE)');
  return { ...waits, failed };
}

async function prepare(adminUrl: string): Promise<void> {
  await query(adminUrl, 'CREATE DATABASE filled');
  const client = await connect(urlOf(adminUrl, 'filled'));
  await client.query(makeTables);
  await client.query(fillTables(rows));
  await client.query('VACUUM ANALYZE');
  await client.end();
}

const urlOf = (adminUrl: string, database: string) =>
  Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function query(url: string, sql: string): Promise<void> {
  const client = await connect(url);
  await client.query(sql).finally(() => client.end());
}
