import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderRuns } from '../../src/deploy/order.js';
import type { Survey } from '../../src/deploy/service.js';
import { planDeploy } from '../../src/plan/index.js';
import { fill } from '../../src/rewrite/required.js';
import { buildCli, runDb } from './cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.close());

describe('db plan', () => {
  it('shows what would run, the locks, and the size of what is locked, and runs nothing', async () => {
    await sandbox.write('1_table', 'CREATE TABLE a (n int); INSERT INTO a SELECT generate_series(1, 5000);');
    await sandbox.deploy();
    await sandbox.query('ANALYZE auth_schema.a');
    await sandbox.write('2_type', 'ALTER TABLE a ALTER COLUMN n TYPE bigint;\nCREATE TABLE b (n int);');

    const [migration] = await planDeploy({ services: [sandbox.service], urlOf: () => sandbox.url });
    expect(migration).toMatchObject({ service: 'auth', migration: '2_type' });
    expect(migration?.statements[0]).toMatchObject({
      line: 1,
      locks: [{ table: 'auth_schema.a', mode: 'ACCESS EXCLUSIVE', work: 'rewrite', rows: 5000 }],
    });
    expect(migration?.findings).toContainEqual(expect.objectContaining({ rule: 'type-change', line: 1 }));
    const { stdout } = await runDb(sandbox, ['plan']);
    // Whatever the width of the terminal it is folded for.
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /line 1: ALTER TABLE a ALTER COLUMN n TYPE bigint ACCESS EXCLUSIVE on auth_schema\.a \(about 5000 rows, \d+\.\d KiB\) while the table is rewritten/,
    );
    expect((await sandbox.deploy()).applied).toEqual(['2_type']);
    expect((await runDb(sandbox, ['plan'])).stdout).toBe('Nothing is pending.\n');
  });

  it('does not take a table for empty of which the server has no statistics', async () => {
    const tables =
      'CREATE TABLE a (n int); CREATE TABLE b (n int); INSERT INTO a SELECT generate_series(1, 5000);';
    await sandbox.write('1_tables', tables);
    await sandbox.deploy();
    await sandbox.write('2_change', 'ALTER TABLE a ADD COLUMN m int; ALTER TABLE b ADD COLUMN m int;');
    const [migration] = await planDeploy({ services: [sandbox.service], urlOf: () => sandbox.url });
    expect(migration?.statements.flatMap(({ locks }) => locks.map(({ rows }) => rows))).toEqual([null, 0]);
    expect((await runDb(sandbox, ['plan'])).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'auth_schema.a (never analyzed, ',
    );
  });

  it('shows of a DO block what it runs and locks, in 80 columns and without a name cut in two', async () => {
    const table = 'accounts_with_a_rather_long_name';
    await sandbox.write('1_table', `CREATE TABLE ${table} (id int, display_name text);`);
    await sandbox.deploy();
    const column = { table: `"auth_schema"."${table}"`, column: 'display_name' };
    const [written] = fill(column, {
      sql: "lower('a value that is the same for each and every one of them')",
    });
    await sandbox.write('2_fill', written?.sql ?? '');
    await sandbox.write('3_open', "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'a'; END $$;");
    const { stdout } = await runDb(sandbox, ['plan']);
    const shown = stdout.split('\n').filter((line) => !line.endsWith('migration.sql'));
    expect(shown.filter((line) => line.length > 80)).toEqual([]);
    expect(shown.join('\n')).toMatchInlineSnapshot(`
"auth: 2_fill
  line 1: DO: UPDATE "auth_schema"."accounts_with_a_rather_long_name" SET
      "display_name" =
      lower('a value that is the same for each and every one of them') WHERE …
    ROW EXCLUSIVE on auth_schema.accounts_with_a_rather_long_name (about 0 rows,
      8.0 KiB) while it writes rows; only writers of the same rows wait

auth: 3_open
  line 1: DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'a'; END $$
    What it locks, its text does not tell.
"
`);
  });
});

describe('the order of services', () => {
  const survey = (name: string, migrations: Record<string, string>) =>
    ({
      session: { service: { name, schema: `${name}_schema` } },
      state: { pending: Object.entries(migrations).map(([migration, sql]) => ({ name: migration, sql })) },
    }) as unknown as Survey;
  const order = async (...surveys: Survey[]) =>
    (await orderRuns(surveys)).map(
      ({ survey: { session }, through }) => `${session.service.name} ${through}`,
    );

  it('is theirs where nothing refers to another', async () => {
    const auth = survey('auth', { '3': 'SELECT 1', '5': 'SELECT 2' });
    expect(await order(auth, survey('post', { '1': 'SELECT 1' }))).toEqual(['auth 5', 'post 1']);
  });

  it('puts what a script refers to before it, in both directions', async () => {
    const auth = survey('auth', {
      '1': 'CREATE TABLE auth_schema.users (id text)',
      '3': 'CREATE TABLE auth_schema.likes (post text REFERENCES post_schema.posts)',
      '4': 'SELECT 1',
    });
    const post = survey('post', {
      '2': 'CREATE TABLE post_schema.posts (author text REFERENCES auth_schema.users)',
      '5': 'SELECT auth_schema.count_users()',
    });
    expect(await order(auth, post)).toEqual(['auth 1', 'post 2', 'auth 4', 'post 5']);
    expect(await order(post, auth)).toEqual(['auth 1', 'post 2', 'auth 4', 'post 5']);
  });
});
