import { randomBytes } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Vault } from '../src/encryption/vault.js';
import { Auth, eventually, password } from './support/auth.js';
import { AuthProcess, runAuthCommand } from './support/auth-process.js';

// On a busy machine a process takes its time to start.
jest.setTimeout(90_000);

describe('the process', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function start() {
    const auth = await Auth.start();
    cleanups.push(() => auth.stop());
    return auth;
  }
  async function startProcess(settings: Record<string, string>) {
    const child = await AuthProcess.start(settings);
    cleanups.push(() => child.kill());
    return child;
  }

  it('finishes what is in flight after SIGTERM and leaves with 0', async () => {
    const child = await startProcess((await start()).settings);
    const body = JSON.stringify({ email: 'last@example.com', password });
    const { hostname, port } = new URL(child.url);
    const socket = connect(Number(port), hostname);
    const answer = text(socket);
    const head = `POST /v1/auth/signup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    await fetch(`${child.url}/health/live`);
    child.terminate();
    await eventually(async () => {
      await expect(fetch(`${child.url}/health/live`, { headers: { connection: 'close' } })).rejects.toThrow();
    });
    socket.write(body);
    expect(await answer).toMatch(/^HTTP\/1.1 201 /);
    expect(await child.exit).toBe(0);
  });

  it('finishes also what waits in the database, before it lets go of that', async () => {
    const auth = await start();
    const { accessToken, id } = await auth.person();
    const child = await startProcess(auth.settings);
    const other = await auth.admin.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM auth_schema.users WHERE id = $1 FOR UPDATE', [id]);
    const answer = fetch(`${child.url}/v1/users/me`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ firstName: 'Late' }),
    });
    await eventually(async () => {
      const { rows } = await auth.admin.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows).toHaveLength(1);
    });
    child.terminate();
    await eventually(async () => {
      await expect(fetch(`${child.url}/health/live`, { headers: { connection: 'close' } })).rejects.toThrow();
    });
    await other.query('COMMIT');
    other.release();
    expect(await (await answer).json()).toMatchObject({ firstName: 'Late' });
    expect(await child.exit).toBe(0);
  });

  /** Sends the next request on the same connection until told to leave it, as a gateway does. */
  async function useUntilToldToLeave(url: string, token: string, onAnswer: () => void): Promise<number[]> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statuses: number[] = [];
    for (let isWelcome = true; isWelcome; ) {
      const response = await new Promise<IncomingMessage>((resolve, reject) =>
        request(`${url}/v1/users/me`, { agent, headers: { authorization: `Bearer ${token}` } }, resolve)
          .on('error', reject)
          .end(),
      );
      await text(response);
      statuses.push(response.statusCode ?? 0);
      onAnswer();
      isWelcome = response.headers.connection !== 'close';
    }
    agent.destroy();
    return statuses;
  }

  it('loses no request of those that come while it is told to stop', async () => {
    const auth = await start();
    const child = await startProcess({ ...auth.settings, SHUTDOWN_DELAY: '1' });
    const { accessToken } = await auth.person();
    let answers = 0;
    const onAnswer = () => {
      answers += 1;
      if (answers === 200) child.terminate();
    };
    const clients = Array.from({ length: 16 }, () => useUntilToldToLeave(child.url, accessToken, onAnswer));
    const statuses = (await Promise.all(clients)).flat();
    expect(statuses.length).toBeGreaterThanOrEqual(200);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await child.exit).toBe(0);
  });

  it('answers what arrived before it was told to stop, though nothing of it was read yet', async () => {
    const child = await startProcess((await start()).settings);
    const { hostname, port } = new URL(child.url);
    child.pause();
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const socket = connect(Number(port), hostname);
        await new Promise<void>((resolve) =>
          socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n', () => resolve()),
        );
        return { answer: text(socket) };
      }),
    );
    child.terminate();
    child.resume();
    for (const { answer } of answers) expect(await answer).toMatch(/^HTTP\/1.1 200 /);
    expect(await child.exit).toBe(0);
  });

  it('makes the first administrator by a command, who chooses the password', async () => {
    const auth = await start();
    const email = 'Root@Example.com';
    const link = await runAuthCommand('admin-create', [email], auth.settings);
    const token = new URL(link).searchParams.get('token');
    expect((await auth.client.post('/v1/auth/password/reset', { token, password })).status).toBe(204);
    const { body } = await auth.client.post('/v1/auth/login', { email, password });
    expect(body.user).toMatchObject({ email: 'root@example.com', role: 'ADMIN' });
    expect((await auth.client.get('/v1/users', body.accessToken)).status).toBe(200);
  });

  it('leaves nothing under an old encryption key after a command, and loses nothing', async () => {
    const auth = await start();
    const { accessToken } = await auth.administrator();
    const partner = { name: 'Partner', kind: 'FIREBASE', audience: 'sealed', withSecret: true };
    await auth.client.post('/v1/integrations', partner, accessToken);
    await auth.service.stop();
    const { ENCRYPTION_KEYS: old = '' } = auth.settings;
    const fresh = `k2:${randomBytes(32).toString('base64')}`;
    const count = await runAuthCommand('keys-reencrypt', [], {
      ...auth.settings,
      ENCRYPTION_KEYS: `${fresh},${old}`,
    });
    expect(Number(count)).toBeGreaterThanOrEqual(2);
    auth.settings.ENCRYPTION_KEYS = fresh;
    const replica = await auth.startReplica();
    cleanups.push(() => replica.stop());
    const answer = await fetch(`${replica.url}/v1/users/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(answer.status).toBe(200);
    const { rows } = await auth.admin.query(
      'SELECT id, client_secret FROM auth_schema.third_party_integrations',
    );
    const vault = replica.app.get(Vault, { strict: false });
    expect(vault.decrypt(rows[0].client_secret, `integration:${rows[0].id}`)).toMatch(/^[\w-]{43}$/);
  });

  it('gets a new signing key by a command, published before it signs', async () => {
    const auth = await start();
    const key = await runAuthCommand('keys-rotate', [], auth.settings);
    const { rows } = await auth.admin.query(
      'SELECT signs_from > now() AS waits FROM auth_schema.signing_keys WHERE id = $1',
      [key],
    );
    expect(rows).toEqual([{ waits: true }]);
  });
});
