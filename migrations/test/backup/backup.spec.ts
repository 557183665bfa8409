import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { backUp, restore } from '../../src/backup/index.js';
import { buildCli, runDb } from '../deploy/cli.js';
import { createSandbox, type Sandbox } from '../deploy/sandbox.js';
import { itWithTools } from './it-with-tools.js';

let sandbox: Sandbox;
let folder: string;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  folder = await mkdtemp(join(tmpdir(), 'bw-backup-'));
  await sandbox.write('1_table', 'CREATE TABLE a (n int); INSERT INTO a SELECT generate_series(1, 1000);');
  await sandbox.deploy();
});
afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

const take = (verify = false) => backUp({ adminUrl: sandbox.database.adminUrl, folder, verify });
const scratches = () =>
  sandbox.query("SELECT datname FROM pg_database WHERE datname LIKE current_database() || '_restore_%'");

describe('db backup', () => {
  itWithTools(
    'writes a dump named by its time, which a trial restore finds complete',
    async () => {
      const { file, bytes, verified } = await take(true);
      expect(basename(file)).toMatch(/^test_\w+_\d{8}_\d{6}\.dump$/);
      expect({ bytes, verified }).toEqual({ bytes: (await stat(file)).size, verified: true });
      expect(await scratches()).toEqual([]);

      const { code, stdout } = await runDb(sandbox, ['backup', '--output', folder]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\.dump \(\d+\.\d MiB, .*\)\n$/);
    },
    60_000,
  );

  it('says how to get pg_dump where there is none, and leaves no file', async () => {
    const { code, stderr } = await runDb(sandbox, ['backup', '--output', folder], { PATH: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('pg_dump is not installed on this machine, and the server is PostgreSQL 17.');
    expect(stderr).toContain('apt-get install postgresql-client-17');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('db restore', () => {
  itWithTools('compares with the present database and leaves it alone', async () => {
    const { file } = await take();
    await sandbox.query('DELETE FROM auth_schema.a WHERE n <= 10');
    const { differences, keptAs } = await restore({ adminUrl: sandbox.database.adminUrl, file });
    expect(differences).toEqual([{ table: 'auth_schema.a', left: 1000, right: 990 }]);
    expect(keptAs).toBeUndefined();
    expect(await scratches()).toEqual([]);
    expect(await sandbox.query('SELECT count(*)::int FROM auth_schema.a')).toEqual([{ count: 990 }]);
  });

  itWithTools(
    'takes the place of the present database on request, with its rights, and keeps the old one',
    async () => {
      const { file } = await take();
      await sandbox.query('DROP TABLE auth_schema.a');
      const app = await sandbox.connect('auth_app');
      const { keptAs } = await restore({ adminUrl: sandbox.database.adminUrl, file, swap: true });

      await expect(app.query('SELECT 1')).rejects.toThrow();
      const reconnected = await sandbox.connect('auth_app');
      expect((await reconnected.query('SELECT count(*)::int FROM auth_schema.a')).rows).toEqual([
        { count: 1000 },
      ]);
      await sandbox.write('2_schema', 'CREATE SCHEMA IF NOT EXISTS auth_schema;');
      expect((await sandbox.deploy()).applied).toEqual(['2_schema']);
      await sandbox.query(`DROP DATABASE "${keptAs}" WITH (FORCE)`);
    },
  );

  itWithTools(
    'keeps what belongs to the database itself: rights, settings, owner, order of text',
    async () => {
      const { name, adminUrl } = sandbox.database;
      await sandbox.query(`
      REVOKE ALL ON DATABASE "${name}" FROM PUBLIC;
      GRANT CREATE ON DATABASE "${name}" TO auth_owner WITH GRANT OPTION;
      ALTER DATABASE "${name}" SET search_path TO "$user", 'auth_schema';
      ALTER DATABASE "${name}" SET application.name TO 'it''s';
      ALTER ROLE auth_app IN DATABASE "${name}" SET statement_timeout TO '7s';
      ALTER DATABASE "${name}" CONNECTION LIMIT 60;
      ALTER DATABASE "${name}" OWNER TO auth_owner;
      COMMENT ON DATABASE "${name}" IS 'ours'`);
      const properties = () =>
        sandbox.query(`
        SELECT datdba, datconnlimit, datcollate, datctype, datlocprovider, datlocale, encoding, setrole, setconfig,
               shobj_description(d.oid, 'pg_database'),
               ARRAY(SELECT acl::text FROM unnest(datacl) AS acl ORDER BY 1) AS acl
          FROM pg_database d LEFT JOIN pg_db_role_setting ON setdatabase = d.oid
         WHERE datname = '${name}' ORDER BY setrole`);
      const before = await properties();
      const { file } = await take();
      const { keptAs } = await restore({ adminUrl, file, swap: true });
      expect(await properties()).toEqual(before);
      await sandbox.query(`DROP DATABASE "${keptAs}" WITH (FORCE)`);
    },
  );

  itWithTools('takes its place also while clients come back as soon as they are sent away', async () => {
    const { file } = await take();
    await sandbox.query('DROP TABLE auth_schema.a');
    let isOver = false;
    const client = async () => {
      while (!isOver) {
        const session = new pg.Client({ connectionString: sandbox.database.adminUrl });
        session.on('error', () => undefined);
        await session.connect().catch(() => undefined);
        await session.query('SELECT pg_sleep(60)').catch(() => undefined);
        await session.end().catch(() => undefined);
      }
    };
    const clients = [client(), client(), client()];
    const { keptAs } = await restore({ adminUrl: sandbox.database.adminUrl, file, swap: true });
    isOver = true;
    expect(await sandbox.query('SELECT count(*)::int FROM auth_schema.a')).toEqual([{ count: 1000 }]);
    await sandbox.query(`DROP DATABASE "${keptAs}" WITH (FORCE)`);
    await sandbox.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'`,
    );
    await Promise.all(clients);
  });

  itWithTools(
    'clears away what a killed restore left, and nothing that another is at work with',
    async () => {
      const { file } = await take();
      const [left, busy] = ['20250101000000000', '20250101000000001'].map(
        (stamp) => `${sandbox.database.name}_restore_${stamp}`,
      );
      await sandbox.query(`CREATE DATABASE ${left}`);
      await sandbox.query(`CREATE DATABASE ${busy}`);
      const other = await sandbox.connect();
      await other.query(`SELECT pg_advisory_lock(hashtext('db restore'), hashtext('${busy}'))`);
      await restore({ adminUrl: sandbox.database.adminUrl, file });
      expect(await scratches()).toEqual([{ datname: busy }]);
      await sandbox.query(`DROP DATABASE ${busy}`);
    },
  );

  itWithTools('refuses a file that is no backup, and leaves no database', async () => {
    const file = join(folder, 'broken.dump');
    await writeFile(file, 'nothing');
    const refused = restore({ adminUrl: sandbox.database.adminUrl, file, swap: true });
    await expect(refused).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(await scratches()).toEqual([]);
    expect(await sandbox.query('SELECT count(*)::int FROM auth_schema.a')).toEqual([{ count: 1000 }]);
  });

  it('names a file that is not there', async () => {
    const missing = restore({ adminUrl: sandbox.database.adminUrl, file: join(folder, 'none.dump') });
    await expect(missing).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
  });
});
