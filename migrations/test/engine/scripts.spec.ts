import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrationList, noFilter, withEngine } from '../../src/engine/index.js';
import { queryAs } from './repository.js';

describe('a migration script', () => {
  let database: TestDatabase;
  let url: string;

  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
    url = database.url('auth_owner', 'auth_schema');
  });
  afterEach(() => database.drop());

  const apply = (sql: string, ...more: string[]) =>
    withEngine({ url }, (engine) => {
      const migrations = [sql, ...more].map((each, index) => ({
        name: `2026010100000${index}_step`,
        sql: each,
      }));
      return engine.call('applyMigrations', {
        migrationsList: migrationList('/none', migrations),
        filters: noFilter,
      });
    });
  const rows = async (sql: string) => (await queryAs(database.adminUrl, sql)).rows;
  const names = ['20260101000000_step', '20260101000001_step', '20260101000002_step'];

  it('keeps function bodies, and semicolons in strings and comments, whole', async () => {
    await apply(`
      /* ; /* nested; */ */ -- ; and to the end of the line
      CREATE FUNCTION auth_schema.f(n int) RETURNS text LANGUAGE plpgsql AS $$
      BEGIN
        RETURN 'a;b' || n; -- done;
      END $$;
      CREATE TABLE auth_schema.t (note text DEFAULT ';', "a;b" int);`);
    expect(await rows('SELECT auth_schema.f(1)')).toEqual([{ f: 'a;b1' }]);
  });

  it('is one transaction: nothing of it remains when its last statement fails', async () => {
    await expect(apply('CREATE TABLE auth_schema.t (n int); SELECT 1/0;')).rejects.toMatchObject({
      code: 'P3018',
    });
    expect(await rows("SELECT to_regclass('auth_schema.t') AS t")).toEqual([{ t: null }]);
  });

  it('may begin and end its transactions itself', async () => {
    await apply(
      'BEGIN; CREATE TABLE auth_schema.t (n int); COMMIT; BEGIN; INSERT INTO auth_schema.t VALUES (1); COMMIT;',
    );
    expect(await rows('SELECT n FROM auth_schema.t')).toEqual([{ n: 1 }]);
  });

  it('is recorded as failed when it fails inside its own transaction', async () => {
    await expect(
      apply('BEGIN; CREATE TABLE auth_schema.t (n int); SELECT 1/0; COMMIT;'),
    ).rejects.toMatchObject({
      code: 'P3018',
      meta: { migration_name: names[0], database_error_code: '22012' },
    });
    expect(await rows('SELECT logs FROM auth_schema._prisma_migrations')).toEqual([
      { logs: expect.stringContaining('division by zero') },
    ]);
  });

  it('is refused when it leaves a transaction open', async () => {
    await expect(apply('BEGIN; CREATE TABLE auth_schema.t (n int);')).rejects.toThrow(
      'begins a transaction and does not end it',
    );
    expect(await rows("SELECT to_regclass('auth_schema.t') AS t")).toEqual([{ t: null }]);
  });

  it('may be a single statement that must not be in a transaction', async () => {
    await apply('CREATE TABLE auth_schema.t (n int);', 'CREATE INDEX CONCURRENTLY t_n ON auth_schema.t (n);');
    expect(
      await rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'auth_schema.t_n'::regclass"),
    ).toEqual([{ indisvalid: true }]);
  });

  it('does not hand its session settings to the next one, nor to the history', async () => {
    await apply(
      "SELECT set_config('search_path', '', false);",
      'CREATE TABLE in_the_services_schema (n int);',
      'SET ROLE NONE;',
    );
    expect(await rows("SELECT to_regclass('auth_schema.in_the_services_schema') AS t")).toEqual([
      { t: 'auth_schema.in_the_services_schema' },
    ]);
    expect(
      await rows('SELECT count(*) FROM auth_schema._prisma_migrations WHERE finished_at IS NOT NULL'),
    ).toEqual([{ count: '3' }]);
  });

  it.each([
    [
      'a place that PostgreSQL points at',
      '-- Ünïcode; 🙂\nSELECT 1;\n\nSELECT\n  nope;',
      '42703',
      5,
      4,
      'SELECT\n  nope',
    ],
    [
      'a fault that only running it shows',
      'SELECT 1;\n-- zero\nSELECT 1/0;\nSELECT 2;',
      '22012',
      3,
      3,
      'SELECT 1/0',
    ],
    [
      'a fault in a function',
      "DO $$\nBEGIN\n  RAISE 'no';\nEND $$;",
      'P0001',
      1,
      1,
      "DO $$\nBEGIN\n  RAISE 'no';\nEND $$",
    ],
  ])('names %s', async (_what, sql, state, line, start, statement) => {
    const refused = apply(sql);
    const lines = sql.split('\n');
    await expect(refused).rejects.toThrow(`Database error code: ${state}`);
    await expect(refused).rejects.toThrow(
      `${String(line).padStart(3)} ${lines[line - 1]}\n\nFailing statement (line ${start}):\n${statement}`,
    );
  });

  it('names the line of a syntax error', async () => {
    await expect(apply('SELECT 1;\nSELEC 2;')).rejects.toThrow('  1 SELECT 1;\n  2 SELEC 2;');
  });

  it('stops at a failure until somebody says how it was resolved', async () => {
    await expect(apply('SELECT 1/0')).rejects.toMatchObject({ code: 'P3018' });
    await expect(apply('SELECT 1')).rejects.toMatchObject({
      code: 'P3009',
      message: expect.stringContaining('migrate found failed migrations in the target database'),
    });
    await withEngine({ url }, (engine) =>
      engine.call('markMigrationRolledBack', { migrationName: '20260101000000_step' }),
    );
    expect(await apply('SELECT 1')).toEqual({ appliedMigrationNames: [names[0]] });
  });
});
