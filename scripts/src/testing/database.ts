import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { deployAll } from '@bw/migrations/deploy';
import { initializeDatabase } from '@bw/migrations/initialize';
import { findServices, type Service } from '@bw/migrations/services';
import pg from 'pg';
import { startServer } from '../postgres/index.js';
import { freePort } from '../processes/index.js';
import { oncePerRun } from './once-per-run.js';

export interface TestDatabaseOptions {
  /** Every service's migrations have run (the default), or only init-schemas.sql. */
  migrated?: boolean;
  /** Nothing has run. */
  empty?: boolean;
}

export interface TestDatabase {
  name: string;
  adminUrl: string;
  url(role: string, schema?: string): string;
  drop(): Promise<void>;
}

/** A database of one's own on the run's PostgreSQL; every role's password is its name. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = await server();
  const template = await templateFor(options, serverUrl);
  const name = `test_${randomBytes(6).toString('hex')}`;
  const adminUrl = await createDatabase(serverUrl, name, template);
  // Privileges on a database itself are not copied from its template.
  if (!options.empty) await initialize(adminUrl);
  return {
    name,
    adminUrl,
    url: (role, schema) => urlFor(adminUrl, role, schema),
    drop: () => query(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function templateFor({ migrated = true, empty }: TestDatabaseOptions, serverUrl: string) {
  if (empty) return 'template1';
  const bare = await makeTemplate('bare_template', 'template1', serverUrl, initialize);
  if (!migrated) return bare;
  return makeTemplate('migrated_template', bare, serverUrl, async (adminUrl) => {
    await initialize(adminUrl);
    const urlOf = ({ ownerRole, schema }: Service) => urlFor(adminUrl, ownerRole, schema);
    await deployAll({ services: findServices(), urlOf });
  });
}

function makeTemplate(
  name: string,
  from: string,
  serverUrl: string,
  fill: (adminUrl: string) => Promise<void>,
) {
  return oncePerRun(runFolder(), name, async () => {
    await query(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await fill(await createDatabase(serverUrl, name, from));
    return name;
  });
}

/** The run's server, started by whoever needs it first. */
function server(): Promise<string> {
  const folder = runFolder();
  return oncePerRun(folder, 'server', async () => {
    const settings = {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      max_connections: '300',
    };
    const started = await startServer({
      folder,
      port: await freePort(),
      logFile: join(folder, 'postgres.log'),
      settings,
    });
    return started.adminUrl;
  });
}

function runFolder(): string {
  const folder = process.env.BW_TEST_POSTGRES;
  if (!folder)
    throw new Error(
      'createTestDatabase works inside `yarn test` only: its global setup prepares the server.',
    );
  return folder;
}

async function initialize(adminUrl: string): Promise<void> {
  const roles = findServices().flatMap((service) => [service.ownerRole, service.appRole]);
  const passwords = Object.fromEntries(roles.map((role) => [role, role]));
  await initializeDatabase({ adminUrl, passwords, createDb: true });
}

async function createDatabase(serverUrl: string, name: string, template: string): Promise<string> {
  await query(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
}

function urlFor(adminUrl: string, role: string, schema?: string): string {
  const url = Object.assign(new URL(adminUrl), { username: role, password: role });
  if (schema) url.searchParams.set('schema', schema);
  return url.href;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
