import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  countDataMigration,
  type DataEvent,
  loadDataMigration,
  runDataMigration,
} from '../../src/data/index.js';
import { buildCli, runDb, startDb } from '../deploy/cli.js';
import { createSandbox, type Sandbox } from '../deploy/sandbox.js';

const rows = 20_000;
const plusOne = "export default { service: 'auth', table: 'a', set: 'n = n + 1' };";

let sandbox: Sandbox;
let root: string;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  root = join(sandbox.service.folder, '..');
  await mkdir(join(root, 'migrations/data-migrations'), { recursive: true });
  await sandbox.write(
    '1_table',
    `CREATE TABLE a (id text PRIMARY KEY, n int NOT NULL DEFAULT 0, t text);
     INSERT INTO a (id) SELECT lpad(g::text, 8, '0') FROM generate_series(1, ${rows}) g;`,
  );
  await sandbox.deploy();
});
afterEach(() => sandbox.close());

const write = (name: string, source: string) =>
  writeFile(join(root, `migrations/data-migrations/${name}.ts`), source);

async function run(name: string, more: { restart?: boolean } = {}) {
  const events: DataEvent[] = [];
  const migration = await loadDataMigration(root, name);
  const options = { migration, service: sandbox.service, url: sandbox.url, ...more };
  return { ...(await runDataMigration({ ...options, onEvent: (event) => events.push(event) })), events };
}

const values = () => sandbox.query('SELECT n, count(*)::int FROM auth_schema.a GROUP BY n ORDER BY n');

describe('a data migration', () => {
  it('changes every row once, also when it is run again', async () => {
    await write('20250101000000_plus_one', plusOne);
    expect(await run('plus_one')).toMatchObject({ rows, total: rows, alreadyFinished: false });
    expect(await run('20250101000000_plus_one')).toMatchObject({ rows: 0, alreadyFinished: true });
    expect(await values()).toEqual([{ n: 1, count: rows }]);
    await run('plus_one', { restart: true });
    expect(await values()).toEqual([{ n: 2, count: rows }]);
  });

  it('neither misses nor repeats a row when its backend is killed again and again', async () => {
    await write('1_plus_one', plusOne);
    // The backend ends itself as it comes to each of these rows for the first time: in the middle of a batch.
    const fatal = [1, 700, 5000, 5001, rows];
    await sandbox.query(`
      CREATE SEQUENCE auth_schema.deaths;
      CREATE FUNCTION auth_schema.die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        IF NEW.id::int = (ARRAY[${fatal}])[(SELECT last_value + is_called::int FROM auth_schema.deaths)] THEN
          PERFORM nextval('auth_schema.deaths'), pg_terminate_backend(pg_backend_pid());
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER die BEFORE UPDATE ON auth_schema.a FOR EACH ROW EXECUTE FUNCTION auth_schema.die();`);
    for (const _ of fatal) await expect(run('plus_one')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await run('plus_one')).toMatchObject({ total: rows });
    expect(await values()).toEqual([{ n: 1, count: rows }]);
  });

  it('continues after kill -9 of its process, and says so', async () => {
    await write(
      '1_slow',
      "export default { service: 'auth', table: 'a', where: \"id <= '00003000'\", set: 'n = n + 1 + (pg_sleep(0.0002) IS NULL)::int' };",
    );
    const { child, outcome } = startDb(sandbox, ['data', 'run', 'slow']);
    const done = async () => {
      const states = await sandbox
        .query<{ rows_done: string }>('SELECT rows_done FROM auth_schema._data_migrations')
        .catch(() => []);
      return Number(states[0]?.rows_done ?? 0);
    };
    while ((await done()) === 0) await sleep(20);
    child.kill('SIGKILL');
    await outcome;

    const { code, stdout, stderr } = await runDb(sandbox, ['data', 'run', 'slow']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Continuing after \d+ rows/);
    expect(stdout).toContain('3000 in all; complete');
    expect(await values()).toEqual([
      { n: 0, count: rows - 3000 },
      { n: 1, count: 3000 },
    ]);
  }, 60_000);

  it('hands rows to a function in the transaction of their batch', async () => {
    await write(
      '1_function',
      `import type { DataMigration } from '@bw/migrations/data';
       interface Row { id: string; n: number }
       export default {
         service: 'auth', table: 'a', columns: ['n'], where: "id > '00010000'",
         async migrate(rows, query) {
           await query('UPDATE a SET t = v.t FROM unnest($1::text[], $2::text[]) v(id, t) WHERE a.id = v.id',
             [rows.map((row) => row.id), rows.map((row) => \`\${row.id}/\${row.n}\`)]);
         },
       } satisfies DataMigration<Row>;`,
    );
    expect((await run('function')).total).toBe(rows - 10_000);
    expect(await sandbox.query("SELECT count(*)::int FROM auth_schema.a WHERE t = id || '/0'")).toEqual([
      { count: 10_000 },
    ]);
    expect(await sandbox.query('SELECT count(*)::int FROM auth_schema.a WHERE t IS NULL')).toEqual([
      { count: 10_000 },
    ]);
  });

  it('ends although rows keep coming in', async () => {
    await write('1_plus_one', plusOne);
    let inserting = true;
    const inserter = (async () => {
      const app = await sandbox.connect('auth_app');
      for (let at = 0; inserting; at++) {
        await app.query(
          `INSERT INTO auth_schema.a (id) SELECT 'z' || lpad((${at * 500} + g)::text, 9, '0') FROM generate_series(1, 500) g`,
        );
      }
    })();
    const { total } = await run('plus_one');
    inserting = false;
    await inserter;
    expect(total).toBeGreaterThanOrEqual(rows);
    expect(await sandbox.query('SELECT min(n), max(n) FROM auth_schema.a')).toEqual([{ min: 0, max: 1 }]);
  });

  it('runs once when started twice at the same time', async () => {
    await write('1_plus_one', plusOne);
    const both = await Promise.all([run('plus_one'), run('plus_one')]);
    expect(both.map((result) => result.alreadyFinished).sort()).toEqual([false, true]);
    expect(both.flatMap(({ events }) => events.map(({ type }) => type))).toContain('waiting');
    expect(await values()).toEqual([{ n: 1, count: rows }]);
  });

  it('counts with --dry-run and changes nothing', async () => {
    await write('1_some', "export default { service: 'auth', table: 'a', where: 'n = 0', set: 'n = 1' };");
    const migration = await loadDataMigration(root, 'some');
    expect(await countDataMigration({ migration, service: sandbox.service, url: sandbox.url })).toBe(rows);
    expect((await runDb(sandbox, ['data', 'run', 'some', '--dry-run'])).stdout).toBe(
      `1_some would change ${rows} rows.\n`,
    );
    expect(await values()).toEqual([{ n: 0, count: rows }]);
    expect((await runDb(sandbox, ['data', 'status'])).stdout).toMatch(/1_some +auth +not run +0/);
  });

  it('is listed with the others where its service is unknown', async () => {
    await write('1_gone', "export default { service: 'gone', table: 'a', set: 'n = 1' };");
    await write('2_plus_one', plusOne);
    const { code, stdout } = await runDb(sandbox, ['data', 'status']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/1_gone +gone +unknown service +0\n2_plus_one +auth +not run +0/);
  });

  it('refuses a key that does not tell rows apart, and what is no data migration', async () => {
    await write('1_key', "export default { service: 'auth', table: 'a', key: ['n'], set: 'n = 1' };");
    await expect(run('key')).rejects.toMatchObject({ code: 'KEY_NOT_UNIQUE' });
    await write('1_empty', 'export default {};');
    await expect(run('empty')).rejects.toMatchObject({ code: 'BAD_DATA_MIGRATION' });
    await expect(run('nothing')).rejects.toMatchObject({ code: 'UNKNOWN_DATA_MIGRATION' });
  });
});

describe('a data migration that names what is not there', () => {
  it.each([
    ['table', "table: 'b', set: 'n = 1'", 'relation "auth_schema.b" does not exist'],
    ['key', "table: 'a', key: ['no'], set: 'n = 1'", 'column "no" does not exist'],
    ['where', "table: 'a', where: 'nn = 0', set: 'n = 1'", 'column "nn" does not exist'],
    ['set', "table: 'a', where: 'n = 0', set: 'm = 1'", 'column "m" of relation "a" does not exist'],
    ['set', "table: 'a', set: 'n = 1; DELETE FROM a'", 'cannot insert multiple commands'],
    ['columns', "table: 'a', columns: ['m'], async migrate() {}", 'column "m" does not exist'],
  ])('is refused with its file and its %s, and no row is touched: %s', async (property, text, reason) => {
    await write('1_wrong', `export default { service: 'auth', ${text} };`);
    const file = join(root, 'migrations/data-migrations/1_wrong.ts');
    const { code, stderr } = await runDb(sandbox, ['data', 'run', 'wrong', '--dry-run']);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}: PostgreSQL refuses its "${property}": ${reason}`);
    expect(stderr).toContain(`Correct "${property}" in the file`);
    expect(stderr).not.toContain('    at ');
    await expect(run('wrong')).rejects.toMatchObject({ code: 'BAD_DATA_SQL' });
    expect(await values()).toEqual([{ n: 0, count: rows }]);
  });
});

describe('a schema migration that requires one', () => {
  beforeEach(async () => {
    await write(
      '1_fill',
      "export default { service: 'auth', table: 'a', where: 't IS NULL', set: 't = id' };",
    );
    await sandbox.write(
      '2_required',
      '-- requires data migration: fill\nALTER TABLE a ALTER COLUMN t SET NOT NULL;',
    );
  });

  it('waits for it, and says how to run it', async () => {
    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'DATA_MIGRATION_REQUIRED',
      hint: 'Run it, then deploy again: yarn db data run fill. Or let the deploy run it: --with-data.',
    });
    await run('fill');
    expect((await sandbox.deploy()).applied).toEqual(['2_required']);
  });

  it('finds what it names without a schema, as it does when it runs by itself', async () => {
    await sandbox.query(
      "CREATE TYPE auth_schema.kind AS ENUM ('old', 'new'); ALTER TABLE auth_schema.a ADD COLUMN kind auth_schema.kind DEFAULT 'old'",
    );
    await write(
      '1_fill',
      "export default { service: 'auth', table: 'a', where: \"kind = 'old'::kind\", set: \"t = id, kind = 'new'\" };",
    );
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'DATA_MIGRATION_REQUIRED' });
    await run('fill');
    expect((await sandbox.deploy()).applied).toEqual(['2_required']);
  });

  it('gets it from a deploy that may run it, between the migrations before and after', async () => {
    await sandbox.write('1_later', 'ALTER TABLE a ADD COLUMN late int;');
    await write(
      '1_late',
      "export default { service: 'auth', table: 'a', where: 'late IS NULL', set: 'late = n' };",
    );
    await sandbox.write(
      '3_late',
      '-- requires data migration: late\nALTER TABLE a ALTER COLUMN late SET NOT NULL;',
    );
    const { code, stdout, stderr } = await runDb(sandbox, ['deploy', '--with-data', '--json']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout).services).toMatchObject([{ applied: ['1_later', '2_required', '3_late'] }]);
    expect(stderr).toContain(`data migration 1_fill complete, ${rows} rows changed`);
    expect(stderr).toContain(`data migration 1_late complete, ${rows} rows changed`);
    expect(await sandbox.query('SELECT count(*)::int FROM auth_schema.a WHERE t = id AND late = n')).toEqual([
      { count: rows },
    ]);
  });

  it('does not hold up a database without rows to change', async () => {
    await sandbox.query('DELETE FROM auth_schema.a');
    expect((await sandbox.deploy()).applied).toEqual(['2_required']);
  });
});

describe('db data new', () => {
  const create = async () => {
    const { code, stdout } = await runDb(sandbox, ['data', 'new', 'populate_full_name', '--service', 'auth']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^migrations\/data-migrations\/\d{14}_populate_full_name\.ts\n$/);
    return join(root, stdout.trim());
  };

  it("writes a file about one of the service's own tables that runs once its set is filled in", async () => {
    await sandbox.model(`model Pair {\n a String\n b String?\n @@id([a])\n @@map("pairs")\n @@schema("auth_schema")\n}
      model User {\n id String @id\n name String\n parentId String?\n parent User? @relation("p", fields: [parentId], references: [id])
        children User[] @relation("p")\n fullName String? @map("full_name")\n @@map("users")\n @@schema("auth_schema")\n}`);
    await sandbox.write(
      '2_users',
      'CREATE TABLE users (id text PRIMARY KEY, name text NOT NULL, "parentId" text, full_name text);',
    );
    await sandbox.deploy();
    await sandbox.query("INSERT INTO auth_schema.users VALUES ('1', 'Ada'), ('2', 'Bach')");
    const file = await create();
    const source = await readFile(file, 'utf8');
    expect(source).toContain(`  table: 'users',\n  where: '"parentId" IS NULL',\n  set: '',\n`);
    await expect(run('populate_full_name')).rejects.toMatchObject({ code: 'NOT_FILLED_IN' });
    await writeFile(file, source.replace("set: ''", "set: 'full_name = name'"));
    await run('populate_full_name');
    expect(await sandbox.query('SELECT full_name FROM auth_schema.users ORDER BY id')).toEqual([
      { full_name: 'Ada' },
      { full_name: 'Bach' },
    ]);
  });

  it('writes placeholders where no table is to be had', async () => {
    expect(await readFile(await create(), 'utf8')).toContain(
      "  table: 'TABLE',\n  where: 'COLUMN IS NULL',\n",
    );
    await expect(run('populate_full_name')).rejects.toMatchObject({ code: 'NOT_FILLED_IN' });
  });
});
