import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConfigurationError } from '@bw/service-kit/config';
import { openApiDocument } from '@bw/service-kit/openapi';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthConfig } from '../src/config/index.js';
import { Auth, eventually, password } from './support/auth.js';
import { environment } from './support/environment.js';
import { findLeaks } from './support/leaks.js';

const folder = join(import.meta.dirname, '..');
const someKey = createHash('sha256').update('some key').digest('base64');
const databaseUrl = 'postgresql://localhost/none';

describe('configuration', () => {
  const faultsOf = (overrides: Record<string, string>) => {
    try {
      new AuthConfig(environment(databaseUrl, overrides));
      return [];
    } catch (error) {
      return error instanceof ConfigurationError ? error.faults : [String(error)];
    }
  };

  it('is accepted when complete', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('names everything that is missing, at once', () => {
    expect(() => new AuthConfig({})).toThrow(ConfigurationError);
    const message = String(
      faultsOf(Object.fromEntries(Object.keys(environment('')).map((name) => [name, '']))),
    );
    for (const name of [
      'DATABASE_URL',
      'PUBLIC_URL',
      'TOKEN_SECRET',
      'ENCRYPTION_KEYS',
      'SERVICE_PRIVATE_KEY',
    ]) {
      expect(message).toContain(`${name}: is not set`);
    }
  });

  it.each([
    ['TOKEN_SECRET', 'secret'],
    ['TOKEN_SECRET', 'change-me-change-me-change-me-change-me-change-me'],
    ['TOKEN_SECRET', 'A'.repeat(64)],
    ['ENCRYPTION_KEYS', 'k1:short'],
    ['ENCRYPTION_KEYS', `${'x'.repeat(50)}`],
    ['ENCRYPTION_KEYS', `2026.1:${someKey}`],
    ['ENCRYPTION_KEYS', `k1:${someKey},k1:${someKey}`],
    ['TOKEN_AUDIENCES', 'post,comments'],
    ['SERVICE_PRIVATE_KEY', 'not a key'],
    ['TRUSTED_SERVICES', 'post=not-a-key'],
  ])('refuses %s = %s, and does not repeat the value', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([name]);
    expect(faults.join()).not.toContain(value);
  });
});

describe('operation', () => {
  let auth: Auth;
  beforeAll(async () => {
    auth = await Auth.start();
  });
  afterAll(() => auth.stop());

  it('documents what it does: run `yarn build && yarn workspace @bw/auth openapi` when this fails', async () => {
    const committed = JSON.parse(await readFile(join(folder, 'openapi.json'), 'utf8'));
    expect(openApiDocument(auth.service.app, { title: 'auth', version: '1' })).toEqual(committed);
    expect((await auth.client.get('/docs/openapi.json')).body).toEqual(committed);
    expect((await auth.client.get('/docs')).text).toContain('swagger-ui');
  });

  it('is live and ready, and not ready while a migration is missing', async () => {
    expect((await auth.client.get('/health/live')).status).toBe(200);
    expect((await auth.client.get('/health/ready')).status).toBe(200);
    const rename = (from: string, to: string) =>
      auth.admin.query(
        'UPDATE auth_schema._prisma_migrations SET migration_name = $2 WHERE migration_name = $1',
        [from, to],
      );
    const { rows } = await auth.admin.query(
      'SELECT migration_name AS name FROM auth_schema._prisma_migrations LIMIT 1',
    );
    await rename(rows[0].name, 'something_else');
    const answer = await auth.client.get('/health/ready');
    await rename('something_else', rows[0].name);
    expect([answer.status, answer.body.code]).toEqual([503, 'not_ready']);
    expect(answer.body.detail).toContain(`the database lacks the migrations ${rows[0].name}`);
  });

  it('stays ready on a database that is newer, and says so once', async () => {
    await auth.admin.query(
      "INSERT INTO auth_schema._prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('newer', '', 'newer_one', now())",
    );
    const answers = [await auth.client.get('/health/ready'), await auth.client.get('/health/ready')];
    await auth.admin.query("DELETE FROM auth_schema._prisma_migrations WHERE id = 'newer'");
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const told = auth.log.lines.filter((line) => line.includes('newer_one'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', migrations: ['newer_one'] },
    ]);
  });

  it('counts requests by route, not by address', async () => {
    await auth.client.get('/v1/users/01900000-0000-7000-8000-000000000000');
    const { text } = await auth.client.get('/metrics');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/users\/:id",status="401"\} \d+/,
    );
    expect(text).toMatch(/^password_hashes_running \d+$/m);
    expect(text).toMatch(/^database_pool_connections \d+$/m);
  });

  it('keeps a harmless request id and replaces any other', async () => {
    const idFor = async (given: string) =>
      (await auth.client.send('GET', '/health/live', { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      );
    expect(await idFor('abc-123')).toBe('abc-123');
    expect(await idFor('<script>')).not.toBe('<script>');
    expect(await idFor('x'.repeat(200))).not.toBe('x'.repeat(200));
  });

  it('answers a body that is somewhat too large without resetting the connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = async (body: string) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${auth.service.url}/v1/auth/login`, { agent, method: 'POST', headers }).end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      await text(response);
      return { status: response.statusCode, isReused: sent.reusedSocket };
    };
    const tooLarge = JSON.stringify({ email: 'x'.repeat(900_000) });
    expect(await post(tooLarge)).toEqual({ status: 413, isReused: false });
    expect(await post(tooLarge)).toEqual({ status: 413, isReused: true });
    agent.destroy();
  });

  it.each([
    ['a body that is too large', { body: JSON.stringify({ email: 'x'.repeat(300_000) }) }, 413],
    ['a body that is no JSON', { body: '{"email":' }, 400],
    ['a body of another type', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, 415],
    ['deeply nested JSON', { body: `${'['.repeat(50_000)}${']'.repeat(50_000)}` }, 400],
    ['a prototype', { body: '{"__proto__":{"role":"ADMIN"}}' }, 400],
  ])('refuses %s as a problem', async (_name, request, status) => {
    const answer = await auth.client.send('POST', '/v1/auth/login', request);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code: expect.any(String), requestId: expect.any(String) });
    expect(answer.text).not.toMatch(/at .*\.[jt]s|node_modules|SELECT/);
  });

  it('lets the browsers of the origins that are named call it, and no others', async () => {
    const open = await Auth.start({ CORS_ORIGINS: 'https://app.example.com' });
    const ask = (url: string, origin: string) =>
      fetch(`${url}/v1/users/me`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PATCH' },
      });
    const allowedFor = async (url: string, origin: string) =>
      (await ask(url, origin)).headers.get('access-control-allow-origin');
    try {
      const { headers } = await ask(open.service.url, 'https://app.example.com');
      expect(headers.get('access-control-allow-methods')?.split(/, */)).toEqual(
        expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      );
      const answer = await fetch(`${open.service.url}/v1/users/me`, {
        headers: { origin: 'https://app.example.com' },
      });
      expect(answer.headers.get('access-control-expose-headers')).toContain('etag');
      expect(await allowedFor(open.service.url, 'https://app.example.com')).toBe('https://app.example.com');
      expect(await allowedFor(open.service.url, 'https://evil.example.com')).not.toBe(
        'https://evil.example.com',
      );
      expect(await allowedFor(auth.service.url, 'https://app.example.com')).toBeNull();
    } finally {
      await open.stop();
    }
  });

  it('refuses headers that are too large', async () => {
    const answer = await auth.client.send('GET', '/health/live', {
      headers: { 'x-large': 'x'.repeat(20_000) },
    });
    expect(answer.status).toBe(431);
  });

  it('lets no secret into an answer it does not belong in, nor into any log line', async () => {
    const { email, accessToken, refreshToken } = await auth.person();
    await auth.client.post('/v1/auth/login', { email, password: 'canary wrong password' });
    await auth.client.post('/v1/auth/login', { email, password });
    await auth.client.post('/v1/auth/refresh', { refreshToken });
    await auth.client.get('/v1/users/me?token=canary-in-the-query', accessToken);
    const verification = await auth.tokenMailedTo(email, 'Confirm your address');
    await auth.client.post('/v1/auth/verify-email', { token: verification });
    await eventually(async () => expect(auth.log.lines.join('')).toContain('/v1/auth/verify-email'));
    const leaks = ['canary', verification, refreshToken].filter((secret) =>
      auth.log.lines.join('').includes(secret),
    );
    expect([...leaks, ...(await findLeaks(auth))]).toEqual([]);
  });

  it('finds a secret that gets into the log', async () => {
    const { accessToken } = await auth.person();
    auth.log.log.info({ header: accessToken }, 'a mistake');
    expect(await findLeaks(auth)).toEqual([`in the log: ${accessToken}`]);
    auth.log.lines.pop();
  });
});
