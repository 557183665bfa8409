import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployAll } from '@bw/migrations/deploy';
import { initializeDatabase } from '@bw/migrations/initialize';
import { findServices } from '@bw/migrations/services';
import { allocatorSettings, mainOf, nodeFlags } from '../dev/service-process.js';
import { startServer, stopServer } from '../postgres/index.js';
import { freePort, residentMegabytes } from '../processes/index.js';
import { newServiceKey } from '../secrets/index.js';

const root = resolve(import.meta.dirname, '../../..');
export const password = 'a long bench passphrase';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** auth and the bare server on one PostgreSQL. */
export interface AuthSite {
  readonly auth: string;
  readonly bare: string;
  readonly process: ChildProcess;
  readonly startup: number;
  /** Megabytes before the first request. */
  readonly idle: number;
  readonly sessions: readonly Tokens[];
  remove(): Promise<void>;
}

export async function createAuthSite(people: number): Promise<AuthSite> {
  const folder = await mkdtemp('/tmp/bw-bench-');
  const processes: ChildProcess[] = [];
  const remove = async () => {
    await Promise.all(processes.map(end));
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { adminUrl } = await startServer({
      folder,
      port: await freePort(),
      logFile: join(folder, 'postgres.log'),
    });
    const urlFor = (role: string) =>
      Object.assign(new URL(adminUrl), { username: role, password: role }).href;
    await migrate(adminUrl, urlFor);
    const start = async (program: string[], env: Record<string, string>) => {
      const port = String(await freePort());
      const began = performance.now();
      const child = spawn(process.execPath, program, {
        cwd: root,
        env: { ...env, HTTP_PORT: port },
        stdio: 'ignore',
      });
      processes.push(child);
      const url = `http://127.0.0.1:${port}`;
      await untilReady(child, url);
      return { child, url, startup: performance.now() - began };
    };
    const auth = await start([...nodeFlags, mainOf({ folder: join(root, 'auth') })], {
      ...allocatorSettings,
      ...environment(urlFor('auth_app'), folder),
    });
    const idle = residentMegabytes(auth.child.pid ?? 0);
    const signedUp = await Promise.all(Array.from({ length: people }, (_, n) => signUp(auth.url, n)));
    const bare = await start([join(import.meta.dirname, 'bare-auth.js')], {
      DATABASE_URL: urlFor('auth_app'),
      BENCH_TOKENS: signedUp.map(({ accessToken }) => accessToken).join(),
    });
    return {
      auth: auth.url,
      bare: bare.url,
      process: auth.child,
      startup: auth.startup,
      idle,
      sessions: signedUp,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function migrate(adminUrl: string, urlFor: (role: string) => string): Promise<void> {
  const services = findServices();
  const roles = services.flatMap(({ ownerRole, appRole }) => [ownerRole, appRole]);
  await initializeDatabase({ adminUrl, passwords: Object.fromEntries(roles.map((role) => [role, role])) });
  await deployAll({ services, urlOf: ({ ownerRole, schema }) => `${urlFor(ownerRole)}?schema=${schema}` });
}

const environment = (databaseUrl: string, folder: string): Record<string, string> => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  GRPC_PORT: '0',
  DATABASE_URL: databaseUrl,
  PUBLIC_URL: 'http://bench.example.com',
  TOKEN_SECRET: randomBytes(32).toString('base64'),
  ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
  SERVICE_PRIVATE_KEY: newServiceKey(),
  RATE_LIMIT_FACTOR: '100000',
  MAIL_FOLDER: join(folder, 'mail'),
});

async function signUp(url: string, number: number): Promise<Tokens> {
  const response = await fetch(`${url}/v1/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `bench${number}@example.com`, password }),
  });
  return JSON.parse(await response.text());
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const isReady = () =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null)
      throw new Error(`${child.spawnargs.join(' ')} ended with code ${child.exitCode}.`);
    await sleep(10);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
