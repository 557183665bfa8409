import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase } from '@bw/scripts/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { readMigrations } from '../../src/history/index.js';
import { lintServices } from '../../src/lint/index.js';
import { findServices } from '../../src/services/index.js';

const run = promisify(execFile);
const db = join(import.meta.dirname, '../../bin/db');
const repository = join(import.meta.dirname, '../../..');

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const runDb = (folder: string, ...args: string[]): Promise<Ended> =>
  run(db, ['lint', ...args], { cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );

describe('db lint', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lint-'));
    await writeFile(join(root, 'package.json'), '{"workspaces":["*"]}');
    for (const service of ['shop', 'news']) {
      await mkdir(join(root, service, 'prisma/migrations'), { recursive: true });
      await writeFile(join(root, service, 'prisma/schema.prisma'), schemaOf(service));
      await migrate(
        service,
        '20260101000000_create_items',
        `CREATE TABLE ${service}_schema.items (id text PRIMARY KEY, name text);`,
      );
    }
  });

  afterEach(() => rm(root, { recursive: true }));

  async function migrate(service: string, name: string, sql: string): Promise<string> {
    const folder = join(root, service, 'prisma/migrations', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'migration.sql'), sql);
    return join(folder, 'migration.sql');
  }

  const services = () => findServices(root);
  const rulesOf = async (options: Partial<Parameters<typeof lintServices>[0]> = {}) =>
    (await lintServices({ services: services(), ...options })).map(({ rule }) => rule);

  it('exits with 0 when nothing is found, with 2 on a finding, with 0 on advice', async () => {
    expect(await runDb(root)).toMatchObject({ code: 0, stdout: '', stderr: 'Nothing found.\n' });
    await migrate('shop', '20260102000000_note', 'ALTER TABLE shop_schema.items ADD COLUMN data json;');
    expect(await runDb(root)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('advice: json-column'),
    });
    await migrate('shop', '20260103000000_index', 'CREATE INDEX i ON shop_schema.items (name);');
    const ended = await runDb(root, '--service', 'shop');
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining('index-not-concurrent') });
    expect(ended.stdout).toContain('shop/prisma/migrations/20260103000000_index/migration.sql:1:1');
    expect(await runDb(root, '--service', 'news')).toMatchObject({ code: 0 });
  });

  it('reports one file, with the history before it in mind', async () => {
    const index = await migrate(
      'shop',
      '20260103000000_index',
      'CREATE INDEX i ON shop_schema.items (name);',
    );
    await migrate('shop', '20260104000000_other', 'TRUNCATE shop_schema.items;');
    const { stdout } = await runDb(root, index, '--json');
    expect(JSON.parse(stdout).findings).toMatchObject([{ rule: 'index-not-concurrent' }]);
  });

  it('judges a file that belongs to no service on its own', async () => {
    const file = join(root, 'draft.sql');
    await writeFile(file, 'TRUNCATE some_schema.things;');
    expect(await rulesOf({ files: [file] })).toEqual(['truncate']);
  });

  it('says which formats there are, and which file cannot be read', async () => {
    expect(await runDb(root, '--format', 'xml')).toMatchObject({
      code: 1,
      stderr: 'There is no format "xml".\nUse --format with one of: text, json, github, sarif.\n',
    });
    expect(await runDb(root, 'no/such.sql')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no/such.sql cannot be read.'),
    });
  });

  it("looks into schema.prisma for what a migration drops, and knows the other service's schema", async () => {
    await migrate(
      'shop',
      '20260102000000_drop',
      'ALTER TABLE shop_schema.items DROP COLUMN name;\nALTER TABLE news_schema.items ADD COLUMN a text;',
    );
    expect(await rulesOf()).toEqual(['dropped-in-use', 'multi-table-lock', 'outside-schema']);
  });

  it('finds what was edited, and what comes too early, by what a branch has', async () => {
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root });
    await migrate('shop', '20260201000000_more', 'ALTER TABLE shop_schema.items ADD COLUMN a text;');
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'history');
    expect(await rulesOf({ base: 'HEAD' })).toEqual([]);
    await migrate('shop', '20260201000000_more', 'ALTER TABLE shop_schema.items ADD COLUMN b text;');
    await migrate('shop', '20260115000000_merged', 'ALTER TABLE shop_schema.items ADD COLUMN c text;');
    expect(await rulesOf({ base: 'HEAD' })).toEqual(['out-of-order', 'edited-migration']);
    await expect(rulesOf({ base: 'no-such-branch' })).rejects.toMatchObject({ code: 'UNKNOWN_BASE' });
  });

  it('finds what was edited by what the database has', async () => {
    const database = await createTestDatabase();
    const service = findServices(repository).find(({ name }) => name === 'auth');
    const [migration] = service ? await readMigrations(service.migrationsFolder) : [];
    if (!service || !migration) throw new Error('auth has migrations');
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    process.env.AUTH_MIGRATION_DATABASE_URL = database.url('auth_owner', 'auth_schema');
    try {
      const record = (checksum: string) =>
        admin.query(
          `INSERT INTO auth_schema._prisma_migrations (id, checksum, finished_at, migration_name)
           VALUES ('1', $1, now(), $2) ON CONFLICT (id) DO UPDATE SET checksum = excluded.checksum`,
          [checksum, migration.name],
        );
      await record(migration.checksum);
      const only = { services: [service], files: [migration.file], database: true };
      expect(await lintServices(only)).toEqual([]);
      await record('0'.repeat(64));
      expect(await lintServices(only)).toMatchObject([{ rule: 'edited-migration' }]);
    } finally {
      delete process.env.AUTH_MIGRATION_DATABASE_URL;
      await admin.end();
      await database.drop();
    }
  });

  it('finds nothing in the history of this repository', async () => {
    const errors = (await lintServices({ services: findServices(repository) })).filter(
      ({ level }) => level === 'error',
    );
    expect(errors).toEqual([]);
  });
});

const schemaOf = (service: string) => `
generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}

datasource db {
  provider = "postgresql"
  schemas  = ["${service}_schema"]
}

model Item {
  id   String  @id
  name String?

  @@map("items")
  @@schema("${service}_schema")
}
`;
