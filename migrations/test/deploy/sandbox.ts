import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import pg from 'pg';
import {
  type DeployEvent,
  type DeployResult,
  type DeploySettings,
  deployService,
  type Emit,
  parseSettings,
} from '../../src/deploy/index.js';
import type { HistoryRow } from '../../src/history/index.js';
import type { Service } from '../../src/services/index.js';

/** A service with migrations of the test's own and a database of its own, whose schema it shares with nobody. */
export interface Sandbox {
  database: TestDatabase;
  service: Service;
  url: string;
  /** Writes (or rewrites) `prisma/migrations/NAME/migration.sql`. */
  write(name: string, sql: string): Promise<void>;
  /** Writes `prisma/schema.prisma` with these models. */
  model(models: string): Promise<void>;
  deploy(
    settings?: Partial<DeploySettings>,
    onEvent?: Emit,
  ): Promise<DeployResult & { events: DeployEvent[] }>;
  query<Row extends object>(sql: string): Promise<Row[]>;
  history(): Promise<HistoryRow[]>;
  /** Another connection, as administrator unless a role is given. */
  connect(role?: string): Promise<pg.Client>;
  close(): Promise<void>;
}

export async function createSandbox(given?: TestDatabase): Promise<Sandbox> {
  const database = given ?? (await createTestDatabase({ migrated: false }));
  const root = await mkdtemp(join(tmpdir(), 'bw-deploy-'));
  const service = describeService(root);
  await mkdir(service.migrationsFolder, { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "workspaces": ["*"] }');
  await writeFile(service.schemaFile, schemaHead);
  const url = database.url(service.ownerRole, service.schema);
  const clients: pg.Client[] = [];
  const connect = async (role?: string) => {
    const client = new pg.Client({ connectionString: role ? database.url(role) : database.adminUrl });
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  };
  // A connection for each question: some tests kill every other one, or the server.
  const query = async <Row extends object>(sql: string) => {
    const client = await connect();
    const { rows } = await client.query<Row>(sql);
    await client.end();
    return rows;
  };
  return {
    database,
    service,
    url,
    connect,
    query,
    history: () =>
      query(`SELECT * FROM ${service.schema}._prisma_migrations ORDER BY migration_name, started_at`),
    async write(name, sql) {
      await mkdir(join(service.migrationsFolder, name), { recursive: true });
      await writeFile(join(service.migrationsFolder, name, 'migration.sql'), sql);
    },
    model: (models) => writeFile(service.schemaFile, `${schemaHead}\n${models}`),
    async deploy(settings = {}, onEvent = () => undefined) {
      const events: DeployEvent[] = [];
      const options = { service, url, settings: { ...parseSettings({}, {}), ...settings } };
      const listen: Emit = (event) => {
        events.push(event);
        onEvent(event);
      };
      return { ...(await deployService({ ...options, onEvent: listen })), events };
    },
    async close() {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const schemaHead = `
generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}
datasource db {
  provider = "postgresql"
  schemas  = ["auth_schema"]
}`;

function describeService(root: string): Service {
  const folder = join(root, 'auth');
  return {
    name: 'auth',
    folder,
    schema: 'auth_schema',
    ownerRole: 'auth_owner',
    appRole: 'auth_app',
    schemaFile: join(folder, 'prisma/schema.prisma'),
    migrationsFolder: join(folder, 'prisma/migrations'),
  };
}
