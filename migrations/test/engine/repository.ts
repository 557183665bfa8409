import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from '@bw/scripts/testing';
import pg from 'pg';

const root = resolve(import.meta.dirname, '../../..');
export const prismaCli = join(root, 'node_modules/prisma/build/index.js');

export interface Finished {
  code: number | null;
  stdout: string;
  /** Everything printed, in the order of its lines. */
  output: string;
}

/** A small repository with two services and a database of its own, to run the real Prisma CLI in. */
export interface Repository {
  folder: string;
  database: TestDatabase;
  /** Runs `prisma` in a folder, without a terminal and without a way to the vendor's hosts. */
  prisma(folder: string, args: string[], env?: NodeJS.Dict<string>): Promise<Finished>;
  /** The same, as the owner of the service or, in `migrations`, as the administrator. */
  migrate(folder: string, ...args: string[]): Promise<Finished>;
  urlOf(folder: string): string;
  write(path: string, content: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Changes the schema of a service. */
  edit(service: string, change: (schema: string) => string): Promise<void>;
  addMigration(service: string, name: string, sql: string): Promise<void>;
  removeMigration(service: string, name: string): Promise<void>;
  migrationsOf(service: string): Promise<string[]>;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  remove(): Promise<void>;
}

export async function createRepository(
  options: TestDatabaseOptions = { migrated: false },
): Promise<Repository> {
  await run(process.execPath, [join(root, 'scripts/build.mjs'), 'migrations'], {
    cwd: root,
    env: process.env,
  });
  const folder = await mkdtemp(join(tmpdir(), 'bw-engine-'));
  await writeFile(join(folder, 'package.json'), '{"name":"test","private":true,"workspaces":["*"]}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, schema] of Object.entries(schemas)) await addFolder(folder, name, schema);
  const database = await createTestDatabase(options);
  const path = (name: string) => join(folder, name);
  const repository: Repository = {
    folder,
    database,
    urlOf: (name) =>
      name === 'migrations' ? database.adminUrl : database.url(`${name}_owner`, `${name}_schema`),
    prisma: (name, args, env = {}) =>
      run(process.execPath, [prismaCli, ...args], { cwd: path(name), env: { ...bareEnvironment, ...env } }),
    migrate: (name, ...args) =>
      repository.prisma(name, args, { MIGRATION_DATABASE_URL: repository.urlOf(name) }),
    async write(name, content) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
    },
    read: (name) => readFile(path(name), 'utf8'),
    async edit(service, change) {
      const file = `${service}/prisma/schema.prisma`;
      await repository.write(file, change(await repository.read(file)));
    },
    addMigration: (service, name, sql) =>
      repository.write(`${service}/prisma/migrations/${name}/migration.sql`, sql),
    removeMigration: (service, name) => rm(path(`${service}/prisma/migrations/${name}`), { recursive: true }),
    async migrationsOf(service) {
      const entries = await readdir(path(`${service}/prisma/migrations`), { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort();
    },
    query: async (sql, values) => (await queryAs(database.adminUrl, sql, values)).rows,
    async remove() {
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
  return repository;
}

/** Port 9 of loopback is closed: nothing can be downloaded. */
export const bareEnvironment: NodeJS.Dict<string> = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:9',
};

export async function queryAs(url: string, sql: string, values?: unknown[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}

/** Tries again until it works or the test's time is over. */
export async function poll<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await sleep(50);
    }
  }
}

interface RunOptions {
  cwd: string;
  env: NodeJS.Dict<string>;
  input?: string;
}

export function run(
  command: string,
  args: string[],
  { cwd, env, input = '' }: RunOptions,
): Promise<Finished> {
  const child = spawn(command, args, { cwd, env });
  const finished = { code: null as number | null, stdout: '', output: '' };
  child.stdout.on('data', (chunk) => {
    finished.stdout += chunk;
    finished.output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    finished.output += chunk;
  });
  child.stdin.end(input);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ ...finished, code }));
  });
}

async function addFolder(folder: string, name: string, schema: string): Promise<void> {
  await mkdir(join(folder, name, 'prisma/migrations'), { recursive: true });
  await writeFile(join(folder, name, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, name, 'prisma/schema.prisma'), schema);
  await cp(join(root, name, 'prisma.config.ts'), join(folder, name, 'prisma.config.ts'));
  await writeFile(join(folder, name, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n');
}

const header = (...names: string[]) => `generator client {
  provider        = "prisma-client"
  output          = "../generated"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
  schemas  = [${names.map((name) => `"${name}"`).join(', ')}]
}
`;

const user = `
model User {
  id        String    @id
  email     String
  deletedAt DateTime? @map("deleted_at")

  @@unique([email], where: { deletedAt: null })
  @@map("users")
  @@schema("auth_schema")
}
`;

const post = `
model Post {
  id    String @id
  title String

  @@map("posts")
  @@schema("post_schema")
}
`;

const schemas = {
  auth: header('auth_schema') + user,
  post: header('post_schema') + post,
  migrations: header('auth_schema', 'post_schema') + user + post,
};

export const addField = (model: string, field: string) => (schema: string) =>
  schema.replace(`model ${model} {\n`, `model ${model} {\n  ${field}\n`);
