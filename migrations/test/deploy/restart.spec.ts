import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, startServer, stopServer } from '@bw/scripts/postgres';
import { freePort } from '@bw/scripts/processes';
import type { TestDatabase } from '@bw/scripts/testing';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { initializeDatabase } from '../../src/initialize/index.js';
import { picture, writeMixedHistory } from './mixed-history.js';
import { createSandbox, type Sandbox } from './sandbox.js';

let folder: string;
let port: number;
const start = (settings?: Record<string, string>): Promise<Server> =>
  startServer({
    folder,
    port,
    logFile: join(folder, 'postgres.log'),
    settings: { full_page_writes: 'off', ...settings },
  });

beforeAll(async () => {
  // PostgreSQL runs as another user where the tests run as root, who alone may enter root's TMPDIR.
  folder = await mkdtemp('/tmp/bw-restart-');
  port = await freePort();
}, 60_000);
afterEach(() => stopServer(folder));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ownDatabase(server: Server): Promise<TestDatabase> {
  const passwords = { auth_owner: 'auth_owner', auth_app: 'auth_app' };
  await initializeDatabase({ adminUrl: server.adminUrl, passwords });
  const url = (role: string, schema?: string) => {
    const { href } = Object.assign(new URL(server.adminUrl), { username: role, password: role });
    return schema ? `${href}?schema=${schema}` : href;
  };
  return { name: 'postgres', adminUrl: server.adminUrl, url, drop: async () => undefined };
}

async function freshSandbox(server: Server): Promise<Sandbox> {
  const database = await ownDatabase(server);
  const sandbox = await createSandbox(database);
  await sandbox.query('DROP SCHEMA auth_schema CASCADE');
  await initializeDatabase({ adminUrl: server.adminUrl });
  await writeMixedHistory(sandbox);
  return sandbox;
}

/** kill -9 of the postmaster: its children notice and end, until then a new one cannot start. */
async function crash(server: Server): Promise<Server> {
  process.kill(server.pid, 'SIGKILL');
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(250);
    }
  }
}

it('continues after PostgreSQL itself was killed again and again', async () => {
  let server = await start();
  const calm = await freshSandbox(server);
  await calm.deploy();
  const undisturbed = await picture(calm);
  await calm.close();

  const sandbox = await freshSandbox(server);
  for (const delayMs of [20, 35, 50, 65, 80, 120]) {
    const deploy = sandbox.deploy().catch((error: { code: string }) => error.code);
    await sleep(delayMs);
    server = await crash(server);
    const outcome = await deploy;
    if (typeof outcome === 'string')
      expect(outcome).toMatch(/^(CONNECTION_LOST|UNREACHABLE|SERVER_STARTING)$/);
  }
  await sandbox.deploy();
  expect(await picture(sandbox)).toEqual(undisturbed);
  await sandbox.close();
}, 120_000);

/** A standby that takes no connections answers as a server does that starts, until it is promoted. */
async function startWithoutEnd(adminUrl: string) {
  await writeFile(join(folder, 'data/standby.signal'), '');
  const started = start({ hot_standby: 'off' });
  const refusal = () =>
    new pg.Client(adminUrl).connect().then(
      () => 'none',
      ({ code }: { code: string }) => code,
    );
  while ((await refusal()) !== '57P03') await sleep(50);
  return {
    started,
    async finish() {
      await writeFile(join(folder, 'data/promote'), '');
      const [pid] = (await readFile(join(folder, 'data/postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGUSR1');
    },
  };
}

it('waits for a server that is starting, and names it when that takes too long', async () => {
  const server = await start();
  const sandbox = await freshSandbox(server);
  await stopServer(folder);
  const { started, finish } = await startWithoutEnd(server.adminUrl);
  await expect(sandbox.deploy({ serverWaitMs: 1 })).rejects.toMatchObject({
    code: 'SERVER_STARTING',
    message: expect.stringMatching(/is still not ready: the database system is/),
    hint: expect.stringContaining('--server-wait'),
  });
  let finished: Promise<void> | undefined;
  const { applied } = await sandbox.deploy({}, ({ type }) => {
    if (type === 'server-starting') finished = finish();
  });
  await Promise.all([started, finished]);
  expect(finished).toBeDefined();
  expect(applied).toHaveLength(10);
  await sandbox.close();
}, 60_000);
