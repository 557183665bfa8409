import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { findServices } from '@bw/migrations/services';
import { type Server, startServer, stopServer } from '@bw/scripts/postgres';
import { freePort } from '@bw/scripts/processes';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { send, signUp } from '../src/containers/account.js';
import { prepareDatabases } from '../src/prod/production-database.js';
import { makeSecrets } from '../src/prod/production-secrets.js';
import { until } from './support/poll.js';

const root = resolve(import.meta.dirname, '../..');

type Environment = Record<string, string | undefined>;

describe('auth and post, each on a database server of its own', () => {
  const folders: string[] = [];
  const running: ChildProcess[] = [];
  const servers: Record<string, Server> = {};
  const addresses: Record<string, string> = {};
  let secrets: string;

  beforeAll(async () => {
    // PostgreSQL's account may not enter root's own temporary folder.
    const parent = process.getuid?.() === 0 ? '/tmp' : tmpdir();
    const newFolder = async () => {
      const folder = await mkdtemp(join(parent, 'bw-two-'));
      folders.push(folder);
      return folder;
    };
    for (const name of ['auth', 'post']) {
      const [folder, port] = [await newFolder(), await freePort()];
      servers[name] = await startServer({ folder, port, logFile: join(folder, 'log') });
    }
    secrets = await newFolder();
    await configure();
  });

  afterAll(async () => {
    await Promise.all(running.map(stop));
    for (const folder of folders) {
      await stopServer(folder);
      await rm(folder, { recursive: true, force: true });
    }
  });

  /** What ./prod.sh makes, for auth's server; then the other host in post's URLs and nothing else. */
  const configure = async () => {
    makeSecrets(secrets, findServices(), `127.0.0.1:${servers.auth?.port}/postgres`);
    const { DATABASE_URL = '', MIGRATION_DATABASE_URL = '' } = await settingsOf('post');
    const moved = (url: string) => Object.assign(new URL(url), { port: servers.post?.port }).href;
    await appendFile(
      join(secrets, 'post.env'),
      `DATABASE_URL="${moved(DATABASE_URL)}"\nMIGRATION_DATABASE_URL="${moved(MIGRATION_DATABASE_URL)}"\n`,
    );
    await appendFile(
      join(secrets, 'admin.env'),
      `ADMIN_DATABASE_URL="${servers.auth?.adminUrl}"\nPOST_ADMIN_DATABASE_URL="${servers.post?.adminUrl}"\n`,
    );
    await prepareDatabases(secrets, findServices());
  };

  const settingsOf = async (name: string): Promise<Environment> =>
    parseEnv(await readFile(join(secrets, `${name}.env`), 'utf8'));

  const start = async (name: string, more: Environment = {}) => {
    const [http, grpc] = [String(await freePort()), String(await freePort())];
    const env = { ...(await settingsOf(name)), ...more, HOST: '127.0.0.1', HTTP_PORT: http, GRPC_PORT: grpc };
    const cwd = join(root, name);
    await promisify(execFile)('../migrations/bin/db', ['deploy', '--service', name], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
    });
    running.push(spawn(process.execPath, ['bundle/main.js'], { cwd, env, stdio: 'ignore' }));
    addresses[name] = `http://127.0.0.1:${http}`;
    await until(() =>
      fetch(`${addresses[name]}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return { http, grpc };
  };

  const tablesOn = async (name: string) => {
    const client = new pg.Client({ connectionString: servers[name]?.adminUrl });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname ~ '_schema$'",
    );
    await client.end();
    return rows.map((row) => row.name);
  };

  it('work together: a post is read with its author, each from its own server', async () => {
    const auth = await start('auth', { PUBLIC_URL: 'http://127.0.0.1', MAIL_FOLDER: join(secrets, 'mail') });
    await start('post', {
      AUTH_JWKS_URL: `http://127.0.0.1:${auth.http}/.well-known/jwks.json`,
      AUTH_GRPC_ADDRESS: `127.0.0.1:${auth.grpc}`,
    });
    const { accessToken } = await signUp(addresses.auth ?? '');
    const posts = `${addresses.post}/v1/posts`;
    const written = await send(posts, 'POST', { title: 'Apart', content: 'And together.' }, accessToken);
    const { id } = (await written.json()) as { id: string };
    const read = await send(`${posts}/${id}`, 'GET');
    expect(await read.json()).toMatchObject({ title: 'Apart', author: { firstName: 'Check' } });
    // The rules of a change are inherited, which is what a bundle may lose.
    const changed = await send(`${posts}/${id}`, 'PATCH', { title: '  Together ' }, accessToken);
    expect(await changed.json()).toMatchObject({ title: 'Together' });
  });

  it('have no table of the other on their server', async () => {
    const [onAuth, onPost] = [await tablesOn('auth'), await tablesOn('post')];
    expect(onAuth).toContain('auth_schema.users');
    expect(onAuth).not.toContain('post_schema.posts');
    expect(onPost).toContain('post_schema.posts');
    expect(onPost).not.toContain('auth_schema.users');
  });
});

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
