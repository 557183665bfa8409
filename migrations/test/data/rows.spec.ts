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
