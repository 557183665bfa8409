import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countDataMigration, loadDataMigration, runDataMigration } from '../../src/data/index.js';
import { createSandbox, type Sandbox } from '../deploy/sandbox.js';

let sandbox: Sandbox;
let root: string;
let file: string;
beforeEach(async () => {
  sandbox = await createSandbox();
  root = join(sandbox.service.folder, '..');
  file = join(root, 'migrations/data-migrations/1_rows.ts');
  await mkdir(join(root, 'migrations/data-migrations'), { recursive: true });
  await sandbox.write(
    '1_table',
    `CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
     INSERT INTO a SELECT g FROM generate_series(1, 1000) g;`,
  );
  await sandbox.deploy();
});
afterEach(() => sandbox.close());

async function define(fields: object) {
  const definition = { service: 'auth', table: 'a', ...fields };
  await writeFile(file, `export default ${JSON.stringify(definition)};`);
  const migration = await loadDataMigration(root, 'rows');
  return { migration, service: sandbox.service, url: sandbox.url };
}

const values = () => sandbox.query('SELECT n, count(*)::int FROM auth_schema.a GROUP BY n ORDER BY n');
const untouched = [{ n: 0, count: 1000 }];

describe('the texts of a data migration', () => {
  it('may end with a comment', async () => {
    const options = await define({ where: 'id <= 600 -- the old ones', set: 'n = n + 1 -- by default' });
    expect(await countDataMigration(options)).toBe(600);
    expect(await runDataMigration(options)).toMatchObject({ rows: 600 });
    expect(await values()).toEqual([
      { n: 0, count: 400 },
      { n: 1, count: 600 },
    ]);
  });

  it.each([
    [
      'where',
      { where: 'n = 9) OR (true', set: 'n = 1' },
      'one condition by itself: syntax error at or near ")"',
    ],
    ['where', { where: '', set: 'n = 1' }, 'one condition by itself: syntax error at end of input'],
    ['set', { set: 'n = 1 WHERE true --' }, 'assignments by itself, but says more'],
    ['set', { set: 'n = 1 FROM pg_class' }, 'assignments by itself, but says more'],
  ])('may not reach beyond its %s, and no row is touched: %j', async (property, fields, reason) => {
    await expect(runDataMigration(await define(fields))).rejects.toMatchObject({
      code: 'BAD_DATA_SQL',
      message: `${file}: its "${property}" has to be ${reason}.`,
    });
    expect(await values()).toEqual(untouched);
  });
});

describe('the key of a data migration', () => {
  const keyed = async (sql: string, key: string[]) => {
    await sandbox.query(`SET search_path = auth_schema; ${sql}`);
    return runDataMigration(await define({ table: 'k', key, set: 'n = 1' }));
  };

  it.each([
    ['with rows where a column of it is NULL', 'y int, UNIQUE (x, y)', ['x', 'y'], 'KEY_NULLABLE'],
    ['whose only column may be NULL', 'y int UNIQUE', ['y'], 'KEY_NULLABLE'],
    ['that is unique only with an expression', 'y int', ['x'], 'KEY_NOT_UNIQUE'],
    ['that is unique among some rows', 'y int', ['x', 'n'], 'KEY_NOT_UNIQUE'],
  ])('is refused %s', async (_, columns, key, code) => {
    const table = `CREATE TABLE k (x int NOT NULL, n int NOT NULL DEFAULT 0, ${columns});
      CREATE UNIQUE INDEX ON k (x, abs(y)); CREATE UNIQUE INDEX ON k (x, n) WHERE y > 2;
      INSERT INTO k (x, y) VALUES (1, 1), (1, 2), (1, NULL); ALTER TABLE k OWNER TO auth_owner;`;
    await expect(keyed(table, key)).rejects.toMatchObject({ code });
    expect(await sandbox.query('SELECT FROM auth_schema.k WHERE n = 1')).toEqual([]);
  });

  it('may be any unique columns that are never NULL', async () => {
    const table = `CREATE TABLE k (x int NOT NULL, y text NOT NULL, n int, UNIQUE (y, x));
      INSERT INTO k VALUES (1, 'a'), (2, 'a'), (1, 'b'); ALTER TABLE k OWNER TO auth_owner;`;
    expect(await keyed(table, ['y', 'x'])).toMatchObject({ rows: 3 });
  });
});

describe('a data migration that is edited after it was interrupted', () => {
  const half = { where: 'n = 0', set: 'n = n + 1' };
  beforeEach(async () => {
    await sandbox.query(`SET search_path = auth_schema;
      CREATE TABLE b (id int PRIMARY KEY, other int NOT NULL UNIQUE, n int NOT NULL DEFAULT 0);
      INSERT INTO b SELECT g, g FROM generate_series(1, 2000) g; ALTER TABLE b OWNER TO auth_owner;
      ALTER TABLE a ADD other int GENERATED ALWAYS AS (id) STORED UNIQUE NOT NULL;
      CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stop'; END $$;
      CREATE TRIGGER stop BEFORE UPDATE ON a FOR EACH ROW WHEN (OLD.id > 500) EXECUTE FUNCTION stop();`);
    await expect(runDataMigration(await define(half))).rejects.toThrow('stop');
    await sandbox.query('DROP TRIGGER stop ON auth_schema.a');
  });

  it.each([
    ['table', { table: 'b' }, '"table" was "a"'],
    ['key', { key: ['other'] }, '"key" was ["id"]'],
    ['where', { where: 'n < 5' }, '"where" was "n = 0"'],
  ])('is refused with another %s', async (_, edit, before) => {
    await expect(runDataMigration(await define({ ...half, ...edit }))).rejects.toMatchObject({
      code: 'OTHER_ROWS',
      message: `${file} names other rows than when it began: ${before}. What it has done, 500 rows, says nothing of them.`,
      hint: expect.stringContaining('yarn db data run 1_rows --restart'),
    });
    expect(await values()).toEqual([
      { n: 0, count: 500 },
      { n: 1, count: 500 },
    ]);
  });

  it('begins anew with --restart', async () => {
    const options = await define({ ...half, table: 'b' });
    expect(await runDataMigration({ ...options, restart: true })).toMatchObject({ rows: 2000, total: 2000 });
    expect(await sandbox.query('SELECT FROM auth_schema.b WHERE n = 0')).toEqual([]);
  });

  it('continues with another set', async () => {
    expect(await runDataMigration(await define({ ...half, set: 'n = 2' }))).toMatchObject({ rows: 500 });
    expect(await values()).toEqual([
      { n: 1, count: 500 },
      { n: 2, count: 500 },
    ]);
  });

  it('continues what a version began that did not remember its rows', async () => {
    await sandbox.query('ALTER TABLE auth_schema._data_migrations DROP COLUMN scope');
    expect(await runDataMigration(await define(half))).toMatchObject({ rows: 500, total: 1000 });
    await expect(runDataMigration(await define({ ...half, table: 'b' }))).rejects.toMatchObject({
      code: 'OTHER_ROWS',
    });
  });
});
