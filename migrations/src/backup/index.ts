import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { UserError } from '../errors/index.js';
import { initializeDatabase } from '../initialize/index.js';
import { type Counts, compareCounts, countRows, type Difference } from './counts.js';
import { copyProperties } from './properties.js';
import { asAdmin, databaseOf, withRestored } from './scratch.js';
import { takePlace } from './swap.js';
import { dumpTo, findTools, type Tools } from './tools.js';

export type { Difference } from './counts.js';

interface CommonOptions {
  adminUrl: string;
  /** Told what is being done: a large database takes its time. */
  onStep?: ((step: string) => void) | undefined;
}

export interface BackupOptions extends CommonOptions {
  folder: string;
  /** Restore it into a scratch database and count every table's rows on both sides. */
  verify?: boolean | undefined;
}

export interface Backup {
  file: string;
  bytes: number;
  ms: number;
  verified: boolean;
}

/** A dump of the whole database in PostgreSQL's custom format. A file that is not complete never has the final name. */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const { adminUrl, folder, verify = false } = options;
  const began = Date.now();
  const tools = await toolsFor(options);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [date, time] = new Date()
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, '')
    .split('T');
  const file = join(folder, `${databaseOf(adminUrl)}_${date}_${time}.dump`);
  const part = `${file}.part`;
  try {
    const counts = await dump(options, part, tools);
    if (counts) await requireEqual(options, part, tools, counts);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
  return { file, bytes: (await stat(file)).size, ms: Date.now() - began, verified: verify };
}

/** Counted in the snapshot that is dumped, so that the numbers fit however much is written meanwhile. */
function dump(
  { adminUrl, verify, onStep }: BackupOptions,
  file: string,
  tools: Tools,
): Promise<Counts | undefined> {
  return asAdmin(adminUrl, async (client) => {
    onStep?.(`Dumping ${await sizeOf(client)} …`);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    await dumpTo(file, tools, adminUrl, ['--format=custom', `--snapshot=${rows[0]?.snapshot}`]);
    return verify ? countRows(client) : undefined;
  });
}

async function requireEqual(
  { adminUrl, onStep }: BackupOptions,
  file: string,
  tools: Tools,
  counts: Counts,
): Promise<void> {
  onStep?.('Restoring it into a scratch database …');
  const restored = await withRestored(adminUrl, file, tools, ({ url }) => asAdmin(url, countRows));
  const [first] = compareCounts(counts, restored);
  if (!first) return;
  throw new UserError(
    'BACKUP_DIFFERS',
    `The backup does not hold ${first.table} completely: ${first.right ?? 0} of ${first.left ?? 0} rows.`,
    { hint: 'It was thrown away. Look into the log of PostgreSQL before trying again.' },
  );
}

export interface RestoreOptions extends CommonOptions {
  file: string;
  /** Put the restored database in the place of the present one, which stays under another name. */
  swap?: boolean | undefined;
}

export interface Restore {
  /** Where the backup (`left`) and the present database (`right`) have different numbers of rows. */
  differences: Difference[];
  tables: number;
  /** The name under which the replaced database was kept. */
  keptAs: string | undefined;
}

/** Restores beside the present database, compares, and only on request takes its place. */
export async function restore(options: RestoreOptions): Promise<Restore> {
  const { adminUrl, file, swap = false, onStep } = options;
  await stat(file).catch((cause: unknown) => {
    throw new UserError('NO_SUCH_FILE', `There is no backup ${file}.`, {
      hint: 'yarn db backup takes one.',
      cause,
    });
  });
  const tools = await toolsFor(options);
  onStep?.('Restoring it into a scratch database …');
  return withRestored(adminUrl, file, tools, async (scratch) => {
    onStep?.('Comparing it with the present database …');
    await initializeDatabase({ adminUrl: scratch.url });
    const restored = await asAdmin(scratch.url, countRows);
    const differences = compareCounts(restored, await asAdmin(adminUrl, countRows));
    if (!swap) return { differences, tables: restored.size, keptAs: undefined };
    const name = databaseOf(adminUrl);
    await asAdmin(adminUrl, (client) => copyProperties(client, name, scratch.name));
    const keptAs = await takePlace(adminUrl, name, scratch.name);
    return { differences, tables: restored.size, keptAs };
  });
}

async function toolsFor({ adminUrl, onStep }: CommonOptions): Promise<Tools> {
  const major = await asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query<{ major: number }>(
      "SELECT current_setting('server_version_num')::int / 10000 AS major",
    );
    return rows[0]?.major ?? 0;
  });
  const tools = await findTools(major);
  if (tools.image) onStep?.(`With pg_dump and pg_restore from the image ${tools.image}.`);
  return tools;
}

async function sizeOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ size: string }>(
    'SELECT pg_size_pretty(pg_database_size(current_database())) AS size',
  );
  return rows[0]?.size ?? '';
}
