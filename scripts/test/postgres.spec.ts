import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer, mayEnter, postgresAccount, startServer, stopServer } from '@bw/scripts/postgres';
import { commandOf, freePort } from '@bw/scripts/processes';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from './support/poll.js';

const isRoot = process.getuid?.() === 0;

describe('the embedded PostgreSQL', () => {
  let parent: string;
  let folder: string;
  let port: number;
  beforeAll(async () => {
    parent = await mkdtemp(join(isRoot ? '/tmp' : tmpdir(), 'bw postgres é '));
    await chmod(parent, 0o755);
    folder = join(parent, 'server');
    port = await freePort();
  });
  afterEach(() => stopServer(folder));
  afterAll(() => rm(parent, { recursive: true, force: true }));

  const start = () => startServer({ folder, port, logFile: join(parent, 'postgres.log') });

  it('runs PostgreSQL 17 from an empty folder, in UTF-8, for this machine only', async () => {
    const server = await start();
    expect(await query(server.adminUrl, 'SHOW server_version')).toEqual([
      { server_version: expect.stringMatching(/^17\./) },
    ]);
    expect(await query(server.adminUrl, "SELECT lower('ÉÄ') AS text")).toEqual([{ text: 'éä' }]);
    expect(await query(server.adminUrl, 'SHOW listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    await expect(query(server.adminUrl.replace('admin:admin', 'admin:wrong'), 'SELECT 1')).rejects.toThrow(
      /authentication failed/,
    );
  });

  it('keeps its data over a stop and over kill -9', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE kept ()');
    await stopServer(folder);
    expect(await findServer(folder)).toBeUndefined();
    const second = await start();
    process.kill(second.pid, 'SIGKILL');
    await until(() => commandOf(second.pid) === undefined);
    expect(await findServer(folder)).toBeUndefined();
    const third = await start();
    expect(await findServer(folder)).toEqual(third);
    expect(await query(third.adminUrl, 'SELECT * FROM kept')).toEqual([]);
  });

  it('starts although its lock file names a process that is somebody else by now', async () => {
    await start();
    const lock = join(folder, 'data/postmaster.pid');
    const content = readFileSync(lock, 'utf8');
    await stopServer(folder);
    await writeFile(lock, content.replace(/^\d+/, String(process.pid)));
    expect(await findServer(folder)).toBeUndefined();
    await stopServer(folder);
    expect((await start()).pid).not.toBe(process.pid);
  });

  it('begins anew when it was interrupted while making its data', async () => {
    const other = join(parent, 'interrupted');
    await mkdir(join(other, 'data.unfinished/base'), { recursive: true });
    const server = await startServer({ folder: other, port, logFile: join(parent, 'other.log') });
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stopServer(other);
    expect(existsSync(join(other, 'data.unfinished'))).toBe(false);
  });

  it('tells why it does not start', async () => {
    const blocker = createServer();
    await new Promise<void>((done) => blocker.listen(port, '127.0.0.1', done));
    await expect(start()).rejects.toMatchObject({
      code: 'POSTGRES_DID_NOT_START',
      message: expect.stringContaining('Address already in use'),
      hint: expect.stringContaining('postgres.log'),
    });
    blocker.close();
  });

  const asRoot = isRoot ? it : it.skip;

  asRoot('runs as an account without rights when root starts it', async () => {
    const { pid } = await start();
    const owner = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    expect(Number(owner)).toBe(postgresAccount()?.uid);
    expect(Number(owner)).not.toBe(0);
  });

  asRoot('knows which folders that account cannot enter', async () => {
    const closed = join(parent, 'closed');
    await mkdir(join(closed, 'below'), { recursive: true });
    expect(mayEnter(join(closed, 'below'), postgresAccount())).toBe(true);
    await chmod(closed, 0o700);
    expect(mayEnter(join(closed, 'below'), postgresAccount())).toBe(false);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
