import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  applyMigrations,
  type Created,
  type CreateOptions,
  createMigrations,
  type MigrationFile,
} from '@bw/migrations/create';
import { findService } from '@bw/migrations/services';
import { createTestDatabase } from '@bw/scripts/testing';
import pg from 'pg';

const head = (schemas: string[]) => `generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}

datasource db {
  provider = "postgresql"
  schemas  = [${schemas.map((name) => `"${name}"`).join(', ')}]
}

`;

/** A repository with services of its own and a database of its own, in which schemas are edited and migrated. */
export async function createSandbox() {
  const root = await mkdtemp(join(tmpdir(), 'create-'));
  const database = await createTestDatabase({ migrated: false });
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await write('package.json', '{ "workspaces": ["*"] }');
  const urlOf = (service: string) => database.url(`${service}_owner`, `${service}_schema`);
  for (const service of ['auth', 'post']) process.env[variable(service)] = urlOf(service);

  return {
    root,
    urlOf,
    write,
    read: (path: string) => readFile(join(root, path), 'utf8'),

    /** Writes a service's models; each gets its `@@schema`. */
    edit(service: string, models: string, schemas = [`${service}_schema`]) {
      const text = models.replace(/\n}/g, (end) => `\n  @@schema("${service}_schema")${end}`);
      return write(`${service}/prisma/schema.prisma`, head(schemas) + text);
    },

    async create(service: string, options: Partial<CreateOptions> = {}): Promise<MigrationFile[]> {
      return (await this.plan(service, options)).migrations;
    },

    plan(service: string, options: Partial<CreateOptions> = {}): Promise<Created> {
      return createMigrations({
        service: findService(service, root),
        url: urlOf(service),
        name: 'make_it',
        ...options,
      });
    },

    apply: (service: string, migrations: MigrationFile[]) =>
      applyMigrations(findService(service, root), urlOf(service), migrations),

    async migrate(service: string, options: Partial<CreateOptions> = {}): Promise<MigrationFile[]> {
      const { migrations, granted } = await this.plan(service, options);
      for (const other of granted) await applyMigrations(other.service, other.url, other.migrations);
      await this.apply(service, migrations);
      return migrations;
    },

    async migrations(service: string): Promise<string[]> {
      return (await readdir(join(root, service, 'prisma/migrations')).catch(() => [])).sort();
    },

    async query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
      const client = new pg.Client({ connectionString: database.adminUrl });
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },

    async remove() {
      for (const service of ['auth', 'post']) delete process.env[variable(service)];
      await database.drop();
      await rm(root, { recursive: true });
    },
  };
}

const variable = (service: string) => `${service.toUpperCase()}_MIGRATION_DATABASE_URL`;

export type Sandbox = Awaited<ReturnType<typeof createSandbox>>;

export const sqlOf = (migrations: MigrationFile[]): string =>
  migrations.map(({ sql }) => sql.trim()).join('\n--\n');
