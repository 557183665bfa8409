import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { close, connect } from '@bw/migrations/connection';
import type { Service } from '@bw/migrations/services';
import pg from 'pg';
import { runningContainers } from '../dev/compose.js';
import { envFileOf, type Layout, logOf } from '../dev/layout.js';
import { pidFileOf } from '../dev/service-process.js';
import { valuesOf } from '../dev/settings.js';
import { findSupervisor } from '../dev/supervisor.js';

type Client = Awaited<ReturnType<typeof connect>>;

/** Whether the development database, as far as that is running, has the schema of a service. */
export async function hasSchema(layout: Layout, { schema }: Service): Promise<boolean> {
  const text = 'SELECT 1 FROM pg_namespace WHERE nspname = $1';
  return ((await withDatabase(layout, (client) => client.query(text, [schema])))?.rowCount ?? 0) > 0;
}

/** The tables of a service that have rows in the development database, as far as that is running. */
export async function rowsOf(layout: Layout, service: Service): Promise<string[]> {
  return (await withDatabase(layout, (client) => tablesWithRows(client, service))) ?? [];
}

/**
 * Stops a service that is gone from the repository, and drops what the development database has of it. Answers the
 * roles that stay because another database of the server needs them.
 */
export async function forget(layout: Layout, service: Service): Promise<string[]> {
  await stop(layout, service);
  const kept = await withDatabase(layout, (client) => dropSchema(client, service));
  for (const file of [envFileOf(layout, service.name), logOf(layout, service.name)])
    await rm(file, { force: true });
  return kept ?? [];
}

async function tablesWithRows(client: Client, { schema }: Service): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> '_prisma_migrations' ORDER BY 1",
    [schema],
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    const { rowCount } = await client.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rowCount) found.push(`${schema}.${name}`);
  }
  return found;
}

async function dropSchema(client: Client, { schema, ownerRole, appRole }: Service): Promise<string[]> {
  const kept: string[] = [];
  await client.query(`DROP SCHEMA IF EXISTS ${client.escapeIdentifier(schema)} CASCADE`);
  for (const role of [appRole, ownerRole]) {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (!rowCount) continue;
    await client.query(`DROP OWNED BY ${client.escapeIdentifier(role)} CASCADE`);
    if (!(await dropRole(client, role))) kept.push(role);
  }
  return kept;
}

/** Roles belong to the whole server, so one may own something in a database that cannot be seen from here. */
async function dropRole(client: Client, role: string): Promise<boolean> {
  try {
    await client.query(`DROP ROLE ${client.escapeIdentifier(role)}`);
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === dependentObjectsStillExist) return false;
    throw error;
  }
}

const dependentObjectsStillExist = '2BP01';

async function stop(layout: Layout, service: Service): Promise<void> {
  const container = `bw-${service.name}-service`;
  if ((await runningContainers('development')).includes(container))
    await promisify(execFile)('docker', ['rm', '--force', container]);
  const supervisor = findSupervisor(layout);
  if (!supervisor) return;
  process.kill(supervisor.pid, 'SIGHUP');
  for (let waited = 0; pidFileOf(layout, service).find() && waited < 5_000; waited += 50) await sleep(50);
}

async function withDatabase<T>(layout: Layout, work: (client: Client) => Promise<T>): Promise<T | undefined> {
  const url = valuesOf(envFileOf(layout, 'admin')).ADMIN_DATABASE_URL;
  if (!url) return undefined;
  const client = await connect({ url, applicationName: 'remove:service' }).catch(() => undefined);
  if (!client) return undefined;
  try {
    return await work(client);
  } finally {
    await close(client);
  }
}
