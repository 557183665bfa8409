import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { postgresAccount } from '@bw/scripts/postgres';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildCli, runDb } from './cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.write('1_table', 'CREATE TABLE a (n int);');
  await sandbox.deploy();
});
afterEach(() => sandbox.close());

const big =
  'CREATE TABLE b AS SELECT g, md5(g::text) AS t FROM generate_series(1, 100000) g ORDER BY 2;\nSELECT 1;\n';
const remains = () => sandbox.query("SELECT to_regclass('auth_schema.b') AS b");

/** A small disk of its own for the database's tables; answers how to take it away again. */
async function smallDisk(): Promise<{ enlarge(): void; remove(): Promise<void> }> {
  const folder = await mkdtemp('/tmp/bw-disk-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=0700', 'tmpfs', folder]);
  const account = postgresAccount();
  if (account) await chown(folder, account.uid, account.gid);
  const { name } = sandbox.database;
  await sandbox.query(`CREATE TABLESPACE ${name} OWNER auth_owner LOCATION '${folder}'`);
  await sandbox.query(`ALTER ROLE auth_owner IN DATABASE ${name} SET default_tablespace = '${name}'`);
  return {
    enlarge: () => execFileSync('mount', ['-o', 'remount,size=64m', folder]),
    remove: async () => {
      await sandbox.query('DROP SCHEMA auth_schema CASCADE');
      await sandbox.query(`DROP TABLESPACE ${name}`);
      execFileSync('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

describe('a server that has no room', () => {
  const itWithDisks = mayMount() ? it : it.skip;

  itWithDisks(
    'is named when its disk is full; nothing remains, and with room the same command finishes',
    async () => {
      const disk = await smallDisk();
      try {
        await sandbox.write('2_big', big);
        const { code, stderr } = await runDb(sandbox, ['deploy']);
        expect(code).toBe(1);
        expect(stderr).toContain('The migration 2_big of auth failed.');
        expect(stderr).toMatch(/2_big\/migration\.sql:1\n/);
        expect(stderr).toMatch(/ERROR 53100: .*No space left on device/);
        expect(stderr).toContain('The disk of the database server is full. Free space');
        expect(await remains()).toEqual([{ b: null }]);

        disk.enlarge();
        expect((await runDb(sandbox, ['deploy'])).code).toBe(0);
        expect(await sandbox.query('SELECT count(*)::int FROM auth_schema.b')).toEqual([{ count: 100_000 }]);
      } finally {
        await disk.remove();
      }
    },
  );

  it('is named when a limit of its own is reached', async () => {
    const { name } = sandbox.database;
    await sandbox.query(`ALTER ROLE auth_owner IN DATABASE ${name} SET temp_file_limit = '100kB'`);
    await sandbox.query(`ALTER ROLE auth_owner IN DATABASE ${name} SET work_mem = '64kB'`);
    await sandbox.write('2_big', big);
    const { code, stderr } = await runDb(sandbox, ['deploy']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ERROR 53400: .*temp_file_limit/);
    expect(await remains()).toEqual([{ b: null }]);

    await sandbox.query(`ALTER ROLE auth_owner IN DATABASE ${name} RESET ALL`);
    expect((await runDb(sandbox, ['deploy'])).code).toBe(0);
  });
});

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
