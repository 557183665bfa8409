import { type ChildProcess, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@bw/scripts/processes';
import type { TestDatabase } from '@bw/scripts/testing';
import { generateServiceKeys } from '@bw/service-kit/security';
import { build, startProcess } from './process.js';

const root = resolve(import.meta.dirname, '../../..');

/** The auth service itself, as a process of its own: services meet over the network only. */
export class RealAuth {
  private child: ChildProcess | undefined;

  private constructor(private readonly environment: Record<string, string>) {}

  static async start(database: TestDatabase, postPublicKey: string): Promise<RealAuth> {
    await build();
    const auth = new RealAuth({
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      HTTP_PORT: String(await freePort()),
      GRPC_PORT: String(await freePort()),
      DATABASE_URL: database.url('auth_app', 'auth_schema'),
      PUBLIC_URL: 'http://app.example.com',
      TOKEN_SECRET: randomBytes(32).toString('base64'),
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SERVICE_PRIVATE_KEY: generateServiceKeys().privateKey,
      TRUSTED_SERVICES: `post=${postPublicKey}`,
      RATE_LIMIT_FACTOR: '1000',
      SHUTDOWN_DELAY: '0',
      MAIL_FOLDER: resolve(root, 'node_modules/.cache/test-mail'),
    });
    await auth.resume();
    return auth;
  }

  get url(): string {
    return `http://127.0.0.1:${this.environment.HTTP_PORT}`;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.environment.GRPC_PORT}`;
  }

  async resume(): Promise<void> {
    const { child } = await startProcess('auth', this.environment);
    this.child = child;
  }

  /** As a crash does: nothing is finished. */
  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
    this.child = undefined;
  }

  /** One of auth's own commands, on the same database and with the same keys; answers what it prints. */
  async run(command: string): Promise<string> {
    const main = resolve(root, `auth/dist/commands/${command}.js`);
    const { stdout } = await promisify(execFile)(process.execPath, [main], { env: this.environment });
    return stdout.trim();
  }

  async call(
    method: string,
    path: string,
    options: { token?: string; body?: object } = {},
  ): Promise<Response> {
    const { token, body } = options;
    return fetch(this.url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}
