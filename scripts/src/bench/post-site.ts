import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployAll } from '@bw/migrations/deploy';
import { initializeDatabase } from '@bw/migrations/initialize';
import { findServices } from '@bw/migrations/services';
import pg from 'pg';
import { allocatorSettings, mainOf, nodeFlags } from '../dev/service-process.js';
import { startServer, stopServer } from '../postgres/index.js';
import { freePort } from '../processes/index.js';
import { newServiceKey, trustOf } from '../secrets/index.js';

const root = resolve(import.meta.dirname, '../../..');

/** auth, post and the bare server on one PostgreSQL with 100,000 posts. */
export interface PostSite {
  readonly post: string;
  readonly bare: string;
  readonly postProcess: number;
  readonly token: string;
  query<Row extends object>(text: string): Promise<Row[]>;
  remove(): Promise<void>;
}

export async function createPostSite(posts: number): Promise<PostSite> {
  const folder = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'bw-bench-'));
  const processes: ChildProcess[] = [];
  const remove = async () => {
    await Promise.all(processes.map(end));
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const server = await startServer({
      folder,
      port: await freePort(),
      logFile: join(folder, 'postgres.log'),
    });
    const adminUrl = server.adminUrl;
    const urlFor = (role: string) =>
      Object.assign(new URL(adminUrl), { username: role, password: role }).href;
    await migrate(adminUrl, urlFor);
    const query = queryOn(adminUrl);
    const { auth, post, bare } = await environments(urlFor);
    const start = async (program: string[], env: Environment) => {
      const child = spawn(process.execPath, program, {
        cwd: root,
        env,
        stdio: 'ignore',
      });
      processes.push(child);
      await untilReady(child, env.HTTP_PORT ?? '');
      return child.pid ?? 0;
    };
    await start([...nodeFlags, mainOf({ folder: join(root, 'auth') })], auth);
    const { token, userId } = await signUp(`http://127.0.0.1:${auth.HTTP_PORT}`);
    await fill(query, posts, userId);
    const postProcess = await start([...nodeFlags, mainOf({ folder: join(root, 'post') })], post);
    await start([join(import.meta.dirname, 'bare-posts.js')], bare);
    const url = ({ HTTP_PORT }: Environment) => `http://127.0.0.1:${HTTP_PORT}`;
    return { post: url(post), bare: url(bare), postProcess, token, query, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Environment = Record<string, string>;
type Query = PostSite['query'];

async function migrate(adminUrl: string, urlFor: (role: string) => string): Promise<void> {
  const services = findServices();
  const roles = services.flatMap(({ ownerRole, appRole }) => [ownerRole, appRole]);
  await initializeDatabase({ adminUrl, passwords: Object.fromEntries(roles.map((role) => [role, role])) });
  await deployAll({ services, urlOf: ({ ownerRole, schema }) => `${urlFor(ownerRole)}?schema=${schema}` });
}

function queryOn(connectionString: string): Query {
  return async (text) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
}

async function environments(urlFor: (role: string) => string) {
  const keys = new Map(['auth', 'post'].map((name) => [name, newServiceKey()]));
  const common = async (name: string): Promise<Environment> => ({
    ...allocatorSettings,
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    HOST: '127.0.0.1',
    HTTP_PORT: String(await freePort()),
    GRPC_PORT: String(await freePort()),
    DATABASE_URL: urlFor(`${name}_app`),
    SERVICE_PRIVATE_KEY: keys.get(name) ?? '',
    TRUSTED_SERVICES: trustOf(name, keys),
    TOKEN_ISSUER: 'bench',
  });
  const auth: Environment = {
    ...(await common('auth')),
    PUBLIC_URL: 'http://bench.example.com',
    TOKEN_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    ACCESS_TOKEN_LIFETIME: '3600',
  };
  const post: Environment = {
    ...(await common('post')),
    AUTH_JWKS_URL: `http://127.0.0.1:${auth.HTTP_PORT}/.well-known/jwks.json`,
    AUTH_GRPC_ADDRESS: `127.0.0.1:${auth.GRPC_PORT}`,
  };
  const bare: Environment = { HTTP_PORT: String(await freePort()), DATABASE_URL: urlFor('post_app') };
  return { auth, post, bare };
}

async function signUp(url: string): Promise<{ token: string; userId: string }> {
  const response = await fetch(`${url}/v1/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'bench@example.com',
      password: randomBytes(24).toString('base64'),
      firstName: 'Ann',
    }),
  });
  const { accessToken, user } = (await response.json()) as { accessToken: string; user: { id: string } };
  return { token: accessToken, userId: user.id };
}

/** About 500 bytes each, so that a page of 20 has 10 KB; words of a vocabulary of 5,000, one in every post. */
async function fill(query: Query, posts: number, author: string): Promise<void> {
  await query(`INSERT INTO post_schema.posts (id, title, content, created_by, created_at, updated_at)
    SELECT gen_random_uuid()::text, 'Post number ' || n,
      (SELECT string_agg('word' || ((n::bigint * k * 7919) % 4999), ' ') FROM generate_series(1, 45) k) || ' everywhere',
      '${author}', timestamptz '2026-01-01' + n * interval '1 second', timestamptz '2026-01-01' + n * interval '1 second'
    FROM generate_series(1, ${posts}) n`);
  await query('VACUUM ANALYZE post_schema.posts');
}

async function untilReady(child: ChildProcess, port: string): Promise<void> {
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null)
      throw new Error(`${child.spawnargs.join(' ')} ended with code ${child.exitCode}.`);
    await sleep(20);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
