import { createPrivateKey } from 'node:crypto';
import { UsersServiceClient } from '@bw/contracts/users';
import { runInContext } from '@bw/service-kit/context';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { ServiceIdentity } from '@bw/service-kit/security';
import { createTracing } from '@bw/service-kit/tracing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AuthConfig } from '../src/config/index.js';
import { Auth, password } from './support/auth.js';
import { callerKeys, environment } from './support/environment.js';
import { Collector } from './support/otlp.js';

const incoming = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${incoming.traceId}-${incoming.spanId}-01`;

describe('traces', () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function start() {
    const collector = await Collector.start();
    cleanups.push(() => collector.stop());
    const auth = await Auth.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    cleanups.push(() => auth.stop());
    return { collector, auth };
  }

  it('continue the caller’s, with every statement below the request it was run for', async () => {
    const { collector, auth } = await start();
    const { accessToken } = await auth.person();
    const requests = Array.from({ length: 30 }, () =>
      auth.client.send('GET', '/v1/users/me', { token: accessToken, headers: { traceparent } }),
    );
    await Promise.all(requests);
    await auth.service.stop();
    const served = collector.spans.filter(({ name }) => name === 'GET /v1/users/me');
    expect(served).toHaveLength(30);
    for (const { traceId, parentSpanId, spanId, service } of served) {
      expect({ traceId, parentSpanId, service }).toEqual({
        traceId: incoming.traceId,
        parentSpanId: incoming.spanId,
        service: 'auth',
      });
      const children = collector.spans.filter((span) => span.parentSpanId === spanId);
      expect(children.map(({ name }) => name)).toEqual(['active-user']);
    }
  });

  it('name the statements of a transaction, and hold no secret', async () => {
    const { collector, auth } = await start();
    const { email, accessToken, refreshToken } = await auth.person();
    await auth.client.post('/v1/auth/login', { email, password });
    await auth.client.post('/v1/auth/refresh', { refreshToken });
    await auth.service.stop();
    const signUp = collector.find('POST /v1/auth/signup');
    const statements = collector.spans.filter(({ parentSpanId }) => parentSpanId === signUp?.spanId);
    expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['BEGIN', 'INSERT', 'COMMIT']));
    const all = collector.received.join();
    for (const secret of [password, accessToken, refreshToken, email, '$argon2'])
      expect(all).not.toContain(secret);
  });

  it('show the same work for a wrong password, an unknown address, a banned user and one without a password', async () => {
    const { collector, auth } = await start();
    const [known, banned, bare] = [await auth.person(), await auth.person(), await auth.person()];
    await auth.admin.query('UPDATE auth_schema.users SET banned_at = now() WHERE id = $1', [banned.id]);
    await auth.admin.query('UPDATE auth_schema.users SET password = NULL WHERE id = $1', [bare.id]);
    const tries = [
      { email: known.email, password: 'this is a wrong guess' },
      { email: 'nobody@example.com', password: 'this is a wrong guess' },
      { email: banned.email, password },
      { email: bare.email, password },
    ];
    await auth.client.post('/v1/auth/login', tries[1]);
    for (const body of tries) expect((await auth.client.post('/v1/auth/login', body)).status).toBe(401);
    await auth.service.stop();
    const logIns = collector.spans.filter(({ name }) => name === 'POST /v1/auth/login').slice(1);
    const work = logIns.map(({ spanId }) =>
      collector.spans
        .filter(({ parentSpanId }) => parentSpanId === spanId)
        .map(({ name }) => name)
        .sort(),
    );
    expect(work).toHaveLength(4);
    expect(work[0]?.filter((name) => name === 'hash password')).toHaveLength(1);
    for (const other of work) expect(other).toEqual(work[0]);
  });

  it('go on from one service to the next', async () => {
    const { collector, auth } = await start();
    const config = new AuthConfig(
      environment('postgresql://x', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
    );
    const tracing = await createTracing('caller', config, auth.log.log);
    const key = createPrivateKey({
      key: Buffer.from(callerKeys.privateKey, 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
    const client = connectService(UsersServiceClient, {
      address: `127.0.0.1:${auth.service.grpcPort}`,
      callee: 'auth',
      identity: new ServiceIdentity('caller', key),
      deadline: 5_000,
    });
    const span = tracing.serve('GET /v1/posts', undefined, {});
    await runInContext({ requestId: 'r1', ...(span && { span }) }, () =>
      callUnary((done) => client.getUserSummaries({ ids: ['x'] }, done)),
    );
    span?.end();
    client.close();
    await Promise.all([tracing.onApplicationShutdown(), auth.service.stop()]);
    const name = 'bw.auth.v1.UsersService/GetUserSummaries';
    const page = collector.find('GET /v1/posts');
    const [called, served] = ['caller', 'auth'].map((service) =>
      collector.spans.find((candidate) => candidate.name === name && candidate.service === service),
    );
    expect([called?.parentSpanId, called?.traceId]).toEqual([page?.spanId, page?.traceId]);
    expect([served?.parentSpanId, served?.traceId]).toEqual([called?.spanId, page?.traceId]);
    expect(collector.find('user-summaries')?.parentSpanId).toBe(served?.spanId);
  });

  it('are not made where nobody takes them, but the caller’s trace is still in the log', async () => {
    const auth = await Auth.start();
    cleanups.push(() => auth.stop());
    await auth.client.send('GET', '/health/live', { headers: { traceparent } });
    expect(auth.log.lines.filter((line) => line.includes(`"trace":"${traceparent}"`))).toHaveLength(1);
    await auth.client.send('GET', '/health/live', { headers: { traceparent: 'é, no trace' } });
    expect(auth.log.lines.filter((line) => line.includes('no trace'))).toEqual([]);
  });

  it('never keep a service from answering or stopping when the collector is gone', async () => {
    const { collector, auth } = await start();
    await collector.stop();
    expect((await auth.client.get('/health/live')).status).toBe(200);
    await auth.service.stop();
    await expect(fetch(`${auth.service.url}/health/live`)).rejects.toThrow();
  });
});
