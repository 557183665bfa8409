import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.close());

const tables = () =>
  sandbox.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'auth_schema' AND tablename <> '_prisma_migrations' ORDER BY 1",
  );

describe('deploying one service', () => {
  it('applies what is pending in order and records it as Prisma does', async () => {
    await sandbox.write('20260101000000_two', 'ALTER TABLE auth_schema.a ADD COLUMN n int;');
    await sandbox.write('20250101000000_one', 'CREATE TABLE a (id text PRIMARY KEY);');

    const { applied } = await sandbox.deploy();

    expect(applied).toEqual(['20250101000000_one', '20260101000000_two']);
    expect(await sandbox.history()).toMatchObject([
      { migration_name: '20250101000000_one', applied_steps_count: 1, logs: null, rolled_back_at: null },
      { migration_name: '20260101000000_two', applied_steps_count: 1, logs: null, rolled_back_at: null },
    ]);
    expect((await sandbox.deploy()).applied).toEqual([]);
  });

  it('leaves nothing of a migration that fails, says where, and applies the corrected file', async () => {
    const name = '20250101000000_broken';
    await sandbox.write(
      name,
      '-- first\nCREATE TABLE a (id int);\n\nINSERT INTO a\n  VALUES (1), (1 / 0);\n',
    );

    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      failure: {
        migration: name,
        line: 4,
        sqlState: '22012',
        statement: 'INSERT INTO a\n  VALUES (1), (1 / 0)',
      },
    });
    expect(await tables()).toEqual([]);
    expect(await sandbox.history()).toMatchObject([{ finished_at: null, rolled_back_at: null }]);

    await sandbox.write(name, 'CREATE TABLE a (id int);');
    const { applied, events } = await sandbox.deploy();
    expect(applied).toEqual([name]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'found', state: 'failed', done: 0 }));
    expect(await tables()).toEqual([{ tablename: 'a' }]);
  });
});

describe('scripts that commit by themselves', () => {
  it('runs the explicit block of the guide as one transaction', async () => {
    await sandbox.write('1_block', 'BEGIN;\nCREATE TABLE a (id int);\nSELECT 1 / 0;\nCOMMIT;\n');
    await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { line: 3, stepsDone: 0 } });
    expect(await tables()).toEqual([]);

    await sandbox.write('1_block', 'BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n');
    await sandbox.deploy();
    expect(await sandbox.history()).toMatchObject([
      { rolled_back_at: expect.any(Date) },
      { finished_at: expect.any(Date), applied_steps_count: 1 },
    ]);
  });

  it('continues a script of several steps after those that are committed', async () => {
    const first = 'CREATE TABLE a (n int);\nINSERT INTO a VALUES (1);\n';
    await sandbox.write(
      '1_steps',
      `${first}CREATE INDEX CONCURRENTLY a_n ON a (n);\nINSERT INTO a VALUES (1 / 0);`,
    );
    await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { stepsDone: 2, line: 4 } });

    await sandbox.write('1_steps', 'DROP TABLE a;');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'APPLIED_STEPS_EDITED' });

    await sandbox.write(
      '1_steps',
      `${first}CREATE INDEX CONCURRENTLY a_n ON a (n);\nINSERT INTO a VALUES (2);`,
    );
    const { events } = await sandbox.deploy();
    expect(events).toContainEqual(expect.objectContaining({ type: 'found', done: 2, steps: 3 }));
    expect(await sandbox.query('SELECT n FROM auth_schema.a ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('is done when the step that failed was taken out of the file', async () => {
    const steps = 'CREATE TABLE a (n int);\nCREATE INDEX CONCURRENTLY a_n ON a (n);\n';
    await sandbox.write('1_steps', `${steps}SELECT 1 / 0;`);
    await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { stepsDone: 2, line: 3 } });
    await sandbox.write('1_steps', steps);
    expect((await sandbox.deploy()).applied).toEqual(['1_steps']);
    expect((await sandbox.deploy()).applied).toEqual([]);
  });

  it('tells where a mistake stands that keeps the server from even beginning', async () => {
    await sandbox.write('1_typo', 'CREATE TABLE a (n int);\nCREATE TABLE b (\n  n int,,\n  m int);\n-- end');
    await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { line: 3, sqlState: '42601' } });
    expect(await sandbox.history()).toMatchObject([{ migration_name: '1_typo', finished_at: null }]);
    await sandbox.write('1_typo', 'CREATE TABLE a (n int);\n-- end');
    expect((await sandbox.deploy()).applied).toEqual(['1_typo']);
  });

  it('names the last statement when a deferred constraint refuses at the end', async () => {
    await sandbox.write(
      '1_deferred',
      'CREATE TABLE a (n int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);',
    );
    await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { line: 2, sqlState: '23505' } });
  });

  it('refuses what would be reported as applied and is not there', async () => {
    await sandbox.write('1_open', 'BEGIN;\nCREATE TABLE a (n int);\n');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'TRANSACTION_CONTROL' });
    await sandbox.write('1_open', 'CREATE TABLE a (n int);\nROLLBACK;\n');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'TRANSACTION_CONTROL' });
    expect(await sandbox.history()).toEqual([]);
  });

  it('leaves no index behind when a concurrent build fails, and replaces an INVALID one it meets', async () => {
    await sandbox.write('1_table', 'CREATE TABLE a (n int); INSERT INTO a VALUES (1), (1);');
    await sandbox.write('2_index', 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);');
    await expect(sandbox.deploy()).rejects.toMatchObject({
      failure: { sqlState: '23505', detail: expect.stringContaining('(n)=(1)') },
    });
    const indexes = () =>
      sandbox.query(
        "SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index WHERE indrelid = 'auth_schema.a'::regclass",
      );
    expect(await indexes()).toEqual([]);

    const owner = await sandbox.connect('auth_owner');
    await expect(
      owner.query('CREATE UNIQUE INDEX CONCURRENTLY a_n ON auth_schema.a (n)'),
    ).rejects.toMatchObject({ code: '23505' });
    expect(await indexes()).toEqual([{ name: 'auth_schema.a_n', valid: false }]);
    await sandbox.query('DELETE FROM auth_schema.a');

    const { events } = await sandbox.deploy();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'invalid-index', index: 'auth_schema.a_n' }),
    );
    expect(await indexes()).toEqual([{ name: 'auth_schema.a_n', valid: true }]);
  });

  it('does not take an index for dropped that never was there', async () => {
    await sandbox.write('1_drop', 'DROP INDEX CONCURRENTLY a_typo;');
    for (const _ of ['first', 'again'])
      await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { sqlState: '42704' } });
    expect(await sandbox.history()).toMatchObject([{ finished_at: null }]);
  });

  it('does not let the settings of one script reach the next', async () => {
    await sandbox.write(
      '1_set',
      "SET search_path = 'public'; SET statement_timeout = '7min'; SET work_mem = '7MB';",
    );
    await sandbox.write(
      '2_next',
      "CREATE TABLE a AS SELECT current_setting('statement_timeout') AS timeout, current_setting('work_mem') AS memory;",
    );
    await sandbox.deploy();
    const [seen] = await sandbox.query('SELECT timeout, memory FROM auth_schema.a');
    expect(seen).toEqual({
      timeout: expect.not.stringContaining('7min'),
      memory: expect.not.stringContaining('7MB'),
    });
  });
});

describe('a temporary table', () => {
  it('does not stand before a table of the same name in the next script', async () => {
    await sandbox.write('1_table', 'CREATE TABLE a (n int);');
    await sandbox.write('2_temporary', 'CREATE TEMP TABLE a AS SELECT 1 AS n;');
    await sandbox.write('3_column', 'ALTER TABLE a ADD COLUMN m int;');
    await sandbox.deploy();
    expect(await sandbox.query('SELECT n, m FROM auth_schema.a')).toEqual([]);
  });
});

describe('a history that does not fit', () => {
  it('refuses an applied file that was edited, but not one whose line endings changed', async () => {
    await sandbox.write('1_table', 'CREATE TABLE a (n int);\n');
    await sandbox.deploy();
    await sandbox.write('1_table', 'CREATE TABLE a (n int);\r\n');
    await sandbox.deploy();
    await sandbox.write('1_table', 'CREATE TABLE a (n bigint);\n');
    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'EDITED',
      message: expect.stringContaining('1_table/migration.sql'),
    });
  });

  it('names what the database has beyond the checkout and goes on', async () => {
    await sandbox.write('1_table', 'CREATE TABLE a (n int);');
    await sandbox.deploy();
    await rm(join(sandbox.service.migrationsFolder, '1_table'), { recursive: true });
    await sandbox.write('2_table', 'CREATE TABLE b (n int);');
    expect(await sandbox.deploy()).toMatchObject({ applied: ['2_table'], unknown: ['1_table'] });
  });

  it('does not guess about a migration that another tool began', async () => {
    await sandbox.write('1_table', 'CREATE TABLE a (n int);');
    await sandbox.query(
      "INSERT INTO auth_schema._prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '1_table')",
    );
    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'FAILED_MIGRATION',
      hint: expect.stringContaining('--rolled-back 1_table'),
    });
  });

  it('does not migrate a schema that has tables and no history, and says how to adopt it', async () => {
    await sandbox.query('CREATE TABLE auth_schema.legacy (n int)');
    await sandbox.write('1_table', 'CREATE TABLE a (n int);');
    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'NOT_EMPTY',
      hint: expect.stringContaining('yarn db baseline --service auth'),
    });
  });

  it('makes the history where there is none and keeps the runtime role from writing it, also after a kill in between', async () => {
    await sandbox.query(`
      DROP TABLE auth_schema._prisma_migrations;
      CREATE FUNCTION public.die() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
        AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END $$;
      CREATE EVENT TRIGGER die ON ddl_command_start WHEN TAG IN ('REVOKE') EXECUTE FUNCTION public.die()`);
    await sandbox.write('1_table', 'CREATE TABLE a (n int);');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await sandbox.query('DROP EVENT TRIGGER die');
    await sandbox.deploy();
    const app = await sandbox.connect('auth_app');
    await app.query('SELECT * FROM auth_schema._prisma_migrations');
    await expect(app.query('DELETE FROM auth_schema._prisma_migrations')).rejects.toMatchObject({
      code: '42501',
    });
  });
});
