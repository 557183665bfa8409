import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deployService, parseSettings } from '../../src/deploy/index.js';
import { buildCli, runDb } from './cli.js';
import { startProxy, type TcpProxy } from './proxy.js';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let proxy: TcpProxy;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  proxy = await startProxy(Number(new URL(sandbox.url).port));
  await sandbox.write('1_table', 'CREATE TABLE a (n int);');
});
afterEach(async () => {
  await proxy.close();
  await sandbox.close();
});

const settings = { ...parseSettings({}, {}), serverWaitMs: 5000 };
const deployTo = (url: string, onEvent?: (event: { type: string }) => void) =>
  deployService({ service: sandbox.service, url, settings, ...(onEvent && { onEvent }) });

/** What the message of a refused deploy says, and that it does not say the password. */
async function refusal(url: string): Promise<{ code: string; text: string }> {
  const error = await deployTo(url).then(
    () => undefined,
    (reason: Error & { code: string; hint: string }) => reason,
  );
  const text = `${error?.message}\n${error?.hint}`;
  expect(text).not.toContain('s3cret');
  return { code: error?.code ?? 'none', text };
}

const withUrl = (change: Partial<URL>) => Object.assign(new URL(sandbox.url), change).href;

describe('when PostgreSQL cannot be worked with', () => {
  it('says so for a server that does not answer', async () => {
    await proxy.close();
    const { code, text } = await refusal(proxy.through(withUrl({ password: 's3cret' })));
    expect(code).toBe('UNREACHABLE');
    expect(text).toContain(`127.0.0.1:${proxy.port}`);
    proxy = await startProxy(1);
  });

  it('says so for a wrong password and a role that does not exist', async () => {
    for (const change of [{ password: 's3cret' }, { username: 'nobody', password: 's3cret' }]) {
      const { code, text } = await refusal(withUrl(change));
      expect(code).toBe('LOGIN_REFUSED');
      expect(text).toContain('migrate-multi-schema.sh');
    }
  });

  it('says so for a missing database, a missing schema and a role without rights', async () => {
    expect((await refusal(withUrl({ pathname: '/nowhere' }))).code).toBe('NO_SUCH_DATABASE');
    expect((await refusal(sandbox.database.url('post_owner'))).code).toBe('NO_RIGHTS');
    await sandbox.query('DROP SCHEMA auth_schema CASCADE');
    const { code, text } = await refusal(sandbox.url);
    expect(code).toBe('NO_SUCH_SCHEMA');
    expect(text).toContain('migrate-multi-schema.sh');
  });

  it('says so for a database that may only be read, and for a server without TLS', async () => {
    await sandbox.deploy();
    await sandbox.write('2_more', 'CREATE TABLE b (n int);');
    const readOnly = await refusal(`${sandbox.url}&options=-c%20default_transaction_read_only%3Don`);
    expect(readOnly.code).toBe('READ_ONLY');
    expect(readOnly.text).toContain('the address of the primary');
    const withoutTls = await refusal(`${sandbox.url}&sslmode=verify-full`);
    expect(withoutTls.code).toBe('NO_TLS');
    expect(withoutTls.text).toContain('sslmode');
  });

  it('waits for a server that is still starting', async () => {
    proxy.refuse({ code: '57P03', message: 'the database system is starting up' });
    const events: string[] = [];
    const { applied } = await deployTo(proxy.through(sandbox.url), ({ type }) => {
      events.push(type);
      if (type === 'server-starting') proxy.refuse(undefined);
    });
    expect(applied).toEqual(['1_table']);
    expect(events[0]).toBe('server-starting');
  });

  it('gives up on one that does not get ready in the time allowed', async () => {
    proxy.refuse({ code: '57P03', message: 'the database system is starting up' });
    const env = { AUTH_MIGRATION_DATABASE_URL: proxy.through(withUrl({ password: 's3cret' })) };
    const { code, stderr } = await runDb(sandbox, ['deploy', '--server-wait', '300ms'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('is still not ready: the database system is starting up');
    expect(stderr).toContain('--server-wait');
    expect(stderr).not.toContain('s3cret');
    expect(await sandbox.history()).toEqual([]);
  });
});

describe('when the connection breaks in the middle', () => {
  const breaking = async (fail: () => void) => {
    await sandbox.write('2_slow', 'CREATE TABLE b (n int); SELECT pg_sleep(3);');
    const deploying = deployTo(proxy.through(sandbox.url));
    deploying.catch(() => undefined);
    while (!(await isWatched())) await sleep(50);
    fail();
    return deploying;
  };
  /** Whether the second connection has had an answer about the statement that runs. */
  const isWatched = async () =>
    (
      await sandbox.query(
        "SELECT FROM pg_stat_activity WHERE application_name LIKE 'db deploy watch%' AND datname = current_database() AND state = 'idle' AND query LIKE '%blocking_sessions($1)%'",
      )
    ).length > 0;

  it('undoes what was begun when the network is cut, and says so with the next deploy', async () => {
    await expect(breaking(() => proxy.cut())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    const { applied, events } = await sandbox.deploy();
    expect(applied).toEqual(['2_slow']);
    expect(events).toContainEqual(expect.objectContaining({ type: 'found', state: 'running', done: 0 }));
  });

  it('notices a network that falls silent, and finds what the server finished by itself', async () => {
    await expect(breaking(() => proxy.freeze())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect((await sandbox.deploy()).applied).toEqual([]);
    expect(await sandbox.history()).toMatchObject([
      { migration_name: '1_table' },
      { migration_name: '2_slow', finished_at: expect.any(Date), applied_steps_count: 1 },
    ]);
    expect(await sandbox.query('SELECT * FROM auth_schema.b')).toEqual([]);
  }, 60_000);
});

describe('when the server has only one connection to give', () => {
  const limit = (connections: number) =>
    sandbox.query(`ALTER DATABASE ${sandbox.database.name} CONNECTION LIMIT ${connections}`);

  it('finishes a statement that nobody could watch', async () => {
    await limit(1);
    await sandbox.write('2_slow', 'SELECT pg_sleep(17);');
    const { applied, events } = await sandbox.deploy();
    expect(applied).toEqual(['1_table', '2_slow']);
    expect(events.map(({ type }) => type)).not.toContain('server-starting');
  }, 60_000);

  it('names who holds it up as soon as there is a second one', async () => {
    await sandbox.deploy();
    const idle = await sandbox.connect();
    await idle.query('BEGIN; SELECT * FROM auth_schema.a');
    await limit(2);
    await sandbox.write('2_column', 'ALTER TABLE a ADD COLUMN m int;');
    let isLimited = true;
    const { applied, events } = await sandbox.deploy({}, ({ type }) => {
      if (type === 'retry' && isLimited) {
        isLimited = false;
        void limit(-1);
      }
      if (type === 'blocked') void idle.query('COMMIT');
    });
    expect(applied).toEqual(['2_column']);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('blocked')).toBeGreaterThan(types.indexOf('retry'));
    expect(types).not.toContain('server-starting');
  }, 60_000);
});

it('does not hold on to one service when another has no database', async () => {
  await mkdir(join(sandbox.service.folder, '../post/prisma'), { recursive: true });
  await writeFile(join(sandbox.service.folder, '../post/prisma/schema.prisma'), '');
  const { code, stderr } = await runDb(sandbox, ['deploy']);
  expect(code).toBe(1);
  expect(stderr).toContain('POST_MIGRATION_DATABASE_URL');
});
