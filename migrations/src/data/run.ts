import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { close, connect, destroy, explainQuery } from '../connection/index.js';
import { requireOwnConnection } from '../deploy/pooler.js';
import { UserError } from '../errors/index.js';
import { literal, quote } from '../history/index.js';
import type { Service } from '../services/index.js';
import { checkSql } from './check.js';
import type { LoadedDataMigration } from './files.js';
import { changesOf, requireSameScope, scopeOf } from './scope.js';
import { type DataState, ensureStateTable, readStates, saveCursor, saveFinish, saveStart } from './state.js';
import { Throttle } from './throttle.js';
import { openWalk, type Walk } from './walk.js';

export type DataEvent =
  | { type: 'waiting'; pid: number; application: string }
  | { type: 'resumed'; done: number; edited: boolean }
  | { type: 'progress'; done: number; total: number; perSecond: number; pauseMs: number }
  | { type: 'retry'; reason: string };

export interface RunOptions {
  migration: LoadedDataMigration;
  service: Service;
  /** The owner role's URL. */
  url: string;
  /** Begin with the first row again, whatever was done before. */
  restart?: boolean | undefined;
  onEvent?: ((event: DataEvent) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface RunResult {
  /** Rows done by this call, and by all together. */
  rows: number;
  total: number;
  alreadyFinished: boolean;
}

/** Executes a data migration in batches, each a transaction that also moves the cursor; continues after a kill. */
export async function runDataMigration(options: RunOptions): Promise<RunResult> {
  requireFilledIn(options.migration);
  return withConnection(options, async (client) => {
    const { migration, service } = options;
    await takeLock(client, options);
    await checkSql(client, service.schema, migration);
    await ensureStateTable(client, service);
    const walk = await openWalk(client, service.schema, migration);
    const state = await beginOrResume(client, walk, options);
    if (state.finished_at) return { rows: 0, total: state.rows_done, alreadyFinished: true };
    const before = state.rows_done;
    if (state.last) await walkThrough(client, walk, { ...state, last: state.last }, options);
    await saveFinish(client, service.schema, migration.name);
    const [after] = (await readStates(client, service.schema)).filter(({ name }) => name === migration.name);
    const total = after?.rows_done ?? before;
    return { rows: total - before, total, alreadyFinished: false };
  });
}

/** How many rows it would change; reads only. */
export function countDataMigration(options: RunOptions): Promise<number> {
  return withConnection(options, async (client) => {
    const { migration, service } = options;
    await checkSql(client, service.schema, migration);
    return (await openWalk(client, service.schema, migration)).count();
  });
}

/** About how many rows an unfinished one will have done in the end; unknown where its file names other rows now. */
export async function estimateTotal(
  client: pg.Client,
  { schema }: Service,
  migration: LoadedDataMigration,
  state: DataState,
): Promise<number | undefined> {
  const { cursor, last, rows_done } = state;
  if (changesOf(state, migration.definition).length > 0) return undefined;
  if (!last) return rows_done;
  const walk = await openWalk(client, schema, migration);
  return rows_done + (await walk.estimate(cursor, last));
}

function requireFilledIn({ file, definition }: LoadedDataMigration): void {
  if (!('set' in definition) || definition.set.trim() !== '') return;
  throw new UserError('NOT_FILLED_IN', `${file} does not say yet what a row gets.`, {
    hint: `Write it as its "set", such as "full_name = concat_ws(' ', first_name, last_name)", and run the command again.`,
  });
}

async function beginOrResume(client: pg.Client, walk: Walk, options: RunOptions): Promise<DataState> {
  const { migration, service, onEvent, restart } = options;
  const { name, checksum } = migration;
  const scope = scopeOf(migration.definition);
  const known = (await readStates(client, service.schema)).find((state) => state.name === name);
  if (known && !restart) {
    requireSameScope(known, migration);
    if (known.finished_at) return known;
    onEvent?.({ type: 'resumed', done: known.rows_done, edited: known.checksum !== checksum });
    await saveStart(client, service.schema, { ...known, checksum, scope });
    return known;
  }
  // Rows that come in from now on are not waited for: the code that writes them is to write the new form.
  const last = (await walk.lastKey()) ?? null;
  const state = { name, checksum, scope, cursor: null, last, rows_done: 0, finished_at: null };
  await saveStart(client, service.schema, state);
  return { ...state, started_at: new Date() };
}

async function walkThrough(
  client: pg.Client,
  walk: Walk,
  state: DataState & { last: string[] },
  { migration, service, onEvent, signal }: RunOptions,
): Promise<void> {
  const throttle = new Throttle();
  const total = state.rows_done + (await walk.estimate(state.cursor, state.last));
  const began = Date.now();
  let { cursor, rows_done: done } = state;
  let size = throttle.rows;
  while (cursor?.join('\0') !== state.last.join('\0')) {
    const batchBegan = performance.now();
    const batch = await inTransaction(client, onEvent, async () => {
      const result = await walk.batch(cursor, state.last, size);
      await saveCursor(client, service.schema, {
        name: migration.name,
        cursor: result.cursor,
        rows_done: done + result.rows,
      });
      return result;
    });
    ({ cursor } = batch);
    done += batch.rows;
    const pace = throttle.next({ rows: batch.rows, ms: performance.now() - batchBegan });
    size = pace.rows;
    const perSecond = ((done - state.rows_done) / Math.max(Date.now() - began, 1)) * 1000;
    onEvent?.({ type: 'progress', done, total: Math.max(total, done), perSecond, pauseMs: pace.pauseMs });
    await sleep(pace.pauseMs, undefined, { signal });
  }
}

// A deadlock, a lock held too long or a serialization failure: the batch was undone and may be repeated as it is.
const repeatable = new Set(['40P01', '55P03', '40001']);
const retries = 100;

async function inTransaction<T>(
  client: pg.Client,
  onEvent: RunOptions['onEvent'],
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('BEGIN');
      const result = await work();
      await client.query('COMMIT');
      return result;
    } catch (error) {
      const { code = '', message } = error as pg.DatabaseError;
      await client.query('ROLLBACK').catch(() => undefined);
      if (!repeatable.has(code) || attempt === retries) throw error;
      onEvent?.({ type: 'retry', reason: message });
      await sleep(Math.min(100 * 2 ** attempt, 5000) * Math.random());
    }
  }
}

async function withConnection<T>(options: RunOptions, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { url, migration, service, signal } = options;
  const client = await connect({
    url,
    applicationName: `db data ${migration.name} (pid ${process.pid})`,
    signal,
  });
  const stop = () => destroy(client);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await requireOwnConnection(client, options);
    await client.query(
      `SET search_path = ${quote(service.schema)}; SET lock_timeout = '5s'; SET client_connection_check_interval = '1s'`,
    );
    return await work(client);
  } catch (error) {
    signal?.throwIfAborted();
    throw explainQuery(error, url);
  } finally {
    signal?.removeEventListener('abort', stop);
    await close(client);
  }
}

/** One runs, the others wait and find it done. */
async function takeLock(
  client: pg.Client,
  { migration, service, onEvent, signal }: RunOptions,
): Promise<void> {
  const key = `hashtext('db data'), hashtext(${literal(`${service.schema}.${migration.name}`)})`;
  const tryLock = async () =>
    (await client.query<{ locked: boolean }>(`SELECT pg_try_advisory_lock(${key}) AS locked`)).rows[0]
      ?.locked;
  for (let told = false; !(await tryLock()); told = true) {
    const { rows } = await client.query<{ pid: number; application: string }>(
      `SELECT pid, application_name AS application FROM pg_stat_activity
        WHERE application_name LIKE 'db data %' AND pid <> pg_backend_pid() AND pid IN (
          SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::int8 = hashtext('db data')::int8 & 4294967295)`,
    );
    if (!told && rows[0]) onEvent?.({ type: 'waiting', ...rows[0] });
    await sleep(500, undefined, { signal });
  }
}
