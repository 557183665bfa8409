import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { baselineService } from '../../src/baseline/index.js';
import { listMigrations, missingMigrations } from '../../src/history/index.js';
import { readStatus } from '../../src/status/index.js';
import { buildCli, runDb } from './cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.model('model Thing {\n id Int @id\n @@map("things")\n @@schema("auth_schema")\n}');
  await sandbox.write(
    '1_things',
    'CREATE TABLE things (id int NOT NULL, CONSTRAINT things_pkey PRIMARY KEY (id));',
  );
});
afterEach(() => sandbox.close());

const status = () => readStatus({ service: sandbox.service, url: sandbox.url, compare: true });

describe('db status', () => {
  it('tells applied, pending, failed, edited and unknown apart', async () => {
    expect(await status()).toMatchObject({ applied: [], pending: ['1_things'], drift: 'not compared' });
    await sandbox.deploy();
    expect(await status()).toMatchObject({ applied: ['1_things'], pending: [], drift: 'none' });

    await sandbox.write('2_broken', 'SELECT 1 / 0;');
    await sandbox.write('3_later', 'SELECT 1;');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    await sandbox.write('1_things', 'SELECT 2;');
    await sandbox.query(
      `INSERT INTO auth_schema._prisma_migrations (id, checksum, migration_name, finished_at)
         VALUES ('newer', '', '9_newer', now())`,
    );
    expect(await status()).toMatchObject({
      applied: ['1_things'],
      pending: ['3_later'],
      failed: [
        { name: '2_broken', state: 'failed', reason: expect.stringContaining('22012: division by zero') },
      ],
      edited: ['1_things'],
      unknown: ['9_newer'],
    });

    const { code, stdout } = await runDb(sandbox, ['status', '--no-drift']);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^service {2}applied {2}pending {2}failed {2}edited {2}unknown {2}drift\nauth +1 +1 +1 +1 +1 /,
    );
    expect(stdout).toContain('auth: applied, but not in this checkout: 9_newer');
  });

  it.each(['failed', 'edited', 'drift'])(
    'exits 2 on %s alone, and 0 on what is pending or unknown',
    async (finding) => {
      await sandbox.deploy();
      await sandbox.query(
        `INSERT INTO auth_schema._prisma_migrations (id, checksum, migration_name, finished_at)
         VALUES ('newer', '', '9_newer', now())`,
      );
      const codeOf = async (...flags: string[]) => (await runDb(sandbox, ['status', ...flags])).code;
      await sandbox.write('2_later', 'SELECT 1 / 0;');
      expect(await codeOf('--no-drift')).toBe(0);
      if (finding === 'failed') await sandbox.deploy().catch(() => undefined);
      else await rm(join(sandbox.service.migrationsFolder, '2_later'), { recursive: true });
      if (finding === 'edited') await sandbox.write('1_things', 'SELECT 2;');
      if (finding === 'drift') await sandbox.query('ALTER TABLE auth_schema.things ADD COLUMN stray int');
      expect(await codeOf()).toBe(2);
    },
  );
});

describe('a database without the schema', () => {
  it('is what status and plan speak of, and not of migrations alone', async () => {
    await sandbox.query('DROP SCHEMA auth_schema CASCADE');
    const told = await runDb(sandbox, ['status', '--no-drift']);
    expect([told.code, told.stdout]).toEqual([0, expect.stringContaining('the database has not its schema')]);
    const plan = await runDb(sandbox, ['plan']);
    expect([plan.code, plan.stderr]).toEqual([1, expect.stringContaining('migrate-multi-schema.sh')]);
  });
});

describe('db verify', () => {
  it('exits 2 with the differing objects and the SQL that mends them', async () => {
    await sandbox.deploy();
    expect((await runDb(sandbox, ['verify'])).code).toBe(0);
    await sandbox.query('ALTER TABLE auth_schema.things ADD COLUMN stray int');

    const told = await runDb(sandbox, ['verify']);
    expect(told.code).toBe(2);
    expect(told.stdout).toMatch(/`things` table\n.*Removed column `stray`/);
    expect(told.stderr).toContain('put it into a migration');
    await sandbox.write('2_more', 'ALTER TABLE auth_schema.things DROP COLUMN stray;');
    const early = await runDb(sandbox, ['verify']);
    expect(early.code).toBe(2);
    expect(early.stderr).toContain('1 migration is pending (2_more)');
    await rm(join(sandbox.service.migrationsFolder, '2_more'), { recursive: true });
    const fix = await runDb(sandbox, ['verify', '--fix-sql']);
    expect(fix.code).toBe(2);
    expect(fix.stdout).toMatch(
      /^-- auth\n-- WARNING: the data in what this drops would be lost:\n-- {3}"auth_schema"."things"."stray"\n/,
    );
    await sandbox.query(fix.stdout);
    expect((await runDb(sandbox, ['verify'])).code).toBe(0);
    expect((await status()).drift).toBe('none');
  }, 60_000);

  it('takes a database that is newer than the checkout for no drift', async () => {
    await sandbox.write('2_more', 'ALTER TABLE auth_schema.things ADD COLUMN more int;');
    await sandbox.deploy();
    await rm(join(sandbox.service.migrationsFolder, '2_more'), { recursive: true });
    const newer =
      'The database is newer than this checkout, which lacks 2_more: bring the checkout up to date (git pull), then compare again.\n';
    const told = await runDb(sandbox, ['verify']);
    expect([told.code, told.stderr]).toEqual([2, expect.stringContaining(newer)]);
    expect(told.stderr).not.toContain('--fix-sql');
    expect((await runDb(sandbox, ['verify', '--fix-sql'])).stderr).toContain(newer);
  }, 60_000);

  it('warns of nothing where its SQL drops nothing', async () => {
    await sandbox.deploy();
    await sandbox.model(
      'model Thing {\n id Int @id\n more Int?\n @@map("things")\n @@schema("auth_schema")\n}',
    );
    const { stdout } = await runDb(sandbox, ['verify', '--fix-sql']);
    expect(stdout).toContain('ADD COLUMN');
    expect(stdout).not.toContain('WARNING');
  }, 60_000);
});

describe('db baseline', () => {
  const baseline = (options = {}) =>
    baselineService({ service: sandbox.service, url: sandbox.url, ...options });

  it('adopts a database that has what the migrations make, and touches nothing else', async () => {
    const owner = await sandbox.connect('auth_owner');
    await owner.query('CREATE TABLE auth_schema.things (id int CONSTRAINT things_pkey PRIMARY KEY)');
    expect(await baseline()).toEqual(['1_things']);
    expect((await sandbox.deploy()).applied).toEqual([]);
    expect(await baseline()).toEqual([]);
  });

  it('settles a deploy that failed because everything was there already', async () => {
    const owner = await sandbox.connect('auth_owner');
    await sandbox.deploy();
    await owner.query('CREATE TABLE auth_schema.more (id int)');
    await sandbox.write('2_more', 'CREATE TABLE auth_schema.more (id int);');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await baseline({ force: true })).toEqual(['2_more']);
    expect(await status()).toMatchObject({ applied: ['1_things', '2_more'], failed: [] });
  });

  it('refuses a database that lacks them, unless told how far it goes', async () => {
    await sandbox.query('CREATE TABLE auth_schema.things (id int)');
    await sandbox.write('2_more', 'CREATE TABLE more (id int);');
    await expect(baseline()).rejects.toMatchObject({ code: 'NOT_EQUAL' });
    await expect(baseline({ through: '3_none' })).rejects.toMatchObject({ code: 'NOT_PENDING' });
    expect(await baseline({ through: '1_things' })).toEqual(['1_things']);
    expect((await sandbox.deploy()).applied).toEqual(['2_more']);
  });
});

describe('readiness', () => {
  const gap = async () => {
    const app = await sandbox.connect('auth_app');
    return missingMigrations({
      known: await listMigrations(sandbox.service.migrationsFolder),
      schema: 'auth_schema',
      query: async (sql) => (await app.query<{ migration_name: string }>(sql)).rows,
    });
  };

  it('names what the database lacks and what it has beyond the image', async () => {
    expect(await gap()).toEqual({ missing: ['1_things'], unknown: [] });
    await sandbox.deploy();
    expect(await gap()).toEqual({ missing: [], unknown: [] });
    await rm(join(sandbox.service.migrationsFolder, '1_things'), { recursive: true });
    expect(await gap()).toEqual({ missing: [], unknown: ['1_things'] });
  });
});
