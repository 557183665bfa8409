import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { baselineService } from '../../src/baseline/index.js';
import { loadDataMigration, runDataMigration } from '../../src/data/index.js';
import { deployService, parseSettings } from '../../src/deploy/index.js';
import { hasPgBouncer, startPgBouncer } from './pgbouncer.js';
import { createSandbox, type Sandbox } from './sandbox.js';
import { startPooler } from './transaction-pooler.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.write('1_table', 'CREATE TABLE a (id int PRIMARY KEY, n int);');
});
afterEach(() => sandbox.close());

const settings = { ...parseSettings({}, {}), serverWaitMs: 5000 };
const deployTo = (url: string) => deployService({ service: sandbox.service, url, settings });

async function changeData(url: string) {
  const root = join(sandbox.service.folder, '..');
  await mkdir(join(root, 'migrations/data-migrations'), { recursive: true });
  const source = "export default { service: 'auth', table: 'a', set: 'n = 1' };";
  await writeFile(join(root, 'migrations/data-migrations/1_one.ts'), source);
  const migration = await loadDataMigration(root, 'one');
  return runDataMigration({ migration, service: sandbox.service, url });
}

const refused = { code: 'POOLER', hint: expect.stringContaining('MIGRATION_DATABASE_URL') };

describe('behind a pooler in transaction mode', () => {
  it.each([1, 3])('refuses to migrate and says where to connect, with a pool of %d', async (size) => {
    const pooler = await startPooler(sandbox.url, size);
    await expect(deployTo(pooler.url)).rejects.toMatchObject(refused);
    const baseline = baselineService({ service: sandbox.service, url: pooler.url, force: true });
    await expect(baseline).rejects.toMatchObject(refused);
    await pooler.close();
    expect(await sandbox.history()).toEqual([]);
  });

  it.each([1, 3])('refuses to change data, with a pool of %d', async (size) => {
    await sandbox.deploy();
    await sandbox.query('INSERT INTO auth_schema.a VALUES (1)');
    const pooler = await startPooler(sandbox.url, size);
    await expect(changeData(pooler.url)).rejects.toMatchObject(refused);
    await pooler.close();
    expect(await sandbox.query('SELECT n FROM auth_schema.a')).toEqual([{ n: null }]);
  });

  const itWithPgBouncer = hasPgBouncer() ? it : it.skip;
  itWithPgBouncer('refuses PgBouncer in transaction mode and works through it in session mode', async () => {
    const transactions = await startPgBouncer(sandbox.url, 'transaction');
    await expect(deployTo(transactions.url)).rejects.toMatchObject(refused);
    await transactions.close();
    const sessions = await startPgBouncer(sandbox.url, 'session');
    expect((await deployTo(sessions.url)).applied).toEqual(['1_table']);
    expect(await changeData(sessions.url)).toMatchObject({ alreadyFinished: false });
    await sessions.close();
  });
});
