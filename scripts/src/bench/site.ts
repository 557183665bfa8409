import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initializeDatabase } from '@bw/migrations/initialize';
import pg from 'pg';
import { startServer, stopServer } from '../postgres/index.js';
import { freePort } from '../processes/index.js';

/** A repository with one service, auth, and a database server of its own. */
export interface Site {
  root: string;
  ownerUrl: string;
  /** Makes the schema of the service anew. */
  empty(): Promise<void>;
  remove(): Promise<void>;
}

export async function createSite(): Promise<Site> {
  // Where root starts it, PostgreSQL runs as somebody else, who may not enter root's own TMPDIR.
  const data = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'bw-bench-'));
  const root = await mkdtemp(join(tmpdir(), 'bw-bench-'));
  const { adminUrl } = await startServer({
    folder: data,
    port: await freePort(),
    logFile: join(root, 'log'),
  });
  await mkdir(join(root, 'auth/prisma/migrations'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "workspaces": ["*"] }');
  await writeFile(join(root, 'auth/prisma/schema.prisma'), '');
  return {
    root,
    ownerUrl: Object.assign(new URL(adminUrl), { username: 'auth_owner', password: 'auth_owner' }).href,
    empty: () => recreateSchema(adminUrl),
    async remove() {
      await stopServer(data);
      await Promise.all([data, root].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

async function recreateSchema(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS auth_schema CASCADE');
  await initializeDatabase({ adminUrl, passwords: { auth_owner: 'auth_owner' }, services: [] });
  // What proves a migration in a scratch database makes one.
  await client.query('ALTER ROLE auth_owner CREATEDB');
  await client.end();
}
