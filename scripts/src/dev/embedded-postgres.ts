import { createHash } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { mkdir, realpath, rm, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  findServer,
  mayEnter,
  postgresAccount,
  type Server,
  startServer,
  stopServer,
} from '../postgres/index.js';
import type { Layout } from './layout.js';

export const findPostgres = (layout: Layout): Promise<Server | undefined> => findServer(layout.postgres);

export const stopPostgres = (layout: Layout): Promise<void> => stopServer(layout.postgres);

export async function startPostgres(layout: Layout, port: number): Promise<Server> {
  await prepareFolder(layout);
  const settings = { max_connections: '200', synchronous_commit: 'off' };
  return startServer({ folder: layout.postgres, port, logFile: layout.postgresLog, settings });
}

/** Throws the data away, wherever it is. */
export async function removePostgres(layout: Layout): Promise<void> {
  const folder = await realpath(layout.postgres).catch(() => layout.postgres);
  await rm(folder, { recursive: true, force: true });
  await rm(layout.postgres, { force: true });
}

/** Where PostgreSQL's account cannot enter the clone, the data lives outside and .data/postgres is a link to it. */
async function prepareFolder(layout: Layout): Promise<void> {
  if (existsSync(layout.postgres)) return;
  if (lstatSync(layout.postgres, { throwIfNoEntry: false })) await unlink(layout.postgres);
  if (mayEnter(layout.data, postgresAccount())) return;
  const outside = join(stateFolder(), `nestjs-microservices-${nameOf(layout.root)}`);
  // Left by an earlier clone at the same path, which is gone: it had this folder's only link.
  await stopServer(outside);
  await rm(outside, { recursive: true, force: true });
  await mkdir(outside, { recursive: true });
  await symlink(outside, layout.postgres);
}

/** Only root comes here, and only root may write to it, so that nobody else can lay out binaries for us. */
const stateFolder = () => (process.platform === 'darwin' ? '/var/db' : '/var/lib');

const nameOf = (root: string) => createHash('sha256').update(root).digest('hex').slice(0, 12);
