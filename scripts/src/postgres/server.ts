import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { UserError } from '@bw/migrations/errors';
import { isAlive, type ProcessMark, runs, terminate } from '../processes/index.js';
import { type Account, makeFolder, postgresAccount } from './account.js';
import { installBinaries } from './binaries.js';

export interface ServerOptions {
  /** Holds the binaries and the data; PostgreSQL's account must be able to enter it. */
  folder: string;
  port: number;
  logFile: string;
  /** Server settings (`-c name=value`) on top of those an embedded server needs. */
  settings?: Record<string, string>;
}

export interface Server extends ProcessMark {
  port: number;
  adminUrl: string;
}

/** Superuser and password of every embedded server: it listens on 127.0.0.1 and holds development data only. */
export const admin = { user: 'admin', password: 'admin' };

/** Starts PostgreSQL on the data in the folder, making both when they are missing; answers when it takes connections. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const account = postgresAccount();
  await makeFolder(options.folder, account);
  const folder = await realpath(options.folder);
  const data = join(folder, 'data');
  const bin = await installBinaries(folder, account);
  if (!existsSync(data)) await initializeData(bin, data, account);
  await forgetReusedPid(data);
  return launch(bin, data, options, account);
}

/** The server that runs on the folder's data, if one does. */
export async function findServer(folder: string): Promise<Server | undefined> {
  const data = join(await realpath(folder).catch(() => folder), 'data');
  const lock = await readLock(data);
  if (!lock) return undefined;
  const server = describe(lock.pid, lock.port, data);
  return runs(server) ? server : undefined;
}

/** Disconnects everyone, writes what is in memory and ends. */
export async function stopServer(folder: string): Promise<void> {
  const server = await findServer(folder);
  if (server) await terminate(server, 'SIGINT', 15_000);
}

async function initializeData(bin: string, data: string, account: Account): Promise<void> {
  const unfinished = `${data}.unfinished`;
  const passwordFile = `${data}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, admin.password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const args = ['-D', unfinished, '--username', admin.user, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const speed = ['--no-sync', '--no-instructions'];
  try {
    await promisify(execFile)(join(bin, 'initdb'), [...args, ...locale, ...speed], { ...account, cwd: '/' });
    await rename(unfinished, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** After a crash the lock file may name a process that is anything by now, and PostgreSQL would refuse to start. */
async function forgetReusedPid(data: string): Promise<void> {
  const lock = await readLock(data);
  if (lock && isAlive(lock.pid) && !runs({ pid: lock.pid, mark: data })) {
    await rm(join(data, 'postmaster.pid'), { force: true });
  }
}

async function launch(bin: string, data: string, options: ServerOptions, account: Account): Promise<Server> {
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(options.logFile, 'a');
  const start = (await log.stat()).size;
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(options.port), ...flags], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  await once(child, 'spawn');
  await log.close();
  while (child.exitCode === null && child.signalCode === null) {
    const lock = await readLock(data);
    if (lock && lock.pid === child.pid && lock.isReady) return describe(lock.pid, lock.port, data);
    await sleep(10);
  }
  const output = (await readFile(options.logFile)).subarray(start).toString();
  throw new UserError('POSTGRES_DID_NOT_START', `PostgreSQL did not start:\n${output}`, {
    hint: `Its log is ${options.logFile}.`,
  });
}

/** postmaster.pid: process id, data folder, start time, port, …, state, one a line. */
async function readLock(data: string) {
  const content = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (!content) return undefined;
  const [pid, , , port, , , , state] = content.split('\n');
  return { pid: Number(pid), port: Number(port), isReady: state?.trim() === 'ready' };
}

function describe(pid: number, port: number, data: string): Server {
  const adminUrl = `postgresql://${admin.user}:${admin.password}@127.0.0.1:${port}/postgres`;
  return { pid, mark: data, port, adminUrl };
}
