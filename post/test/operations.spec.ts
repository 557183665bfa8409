import { createPrivateKey } from 'node:crypto';
import { PostsServiceClient } from '@bw/contracts/posts';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { createLog } from '@bw/service-kit/logging';
import { ServiceIdentity } from '@bw/service-kit/security';
import { startService } from '@bw/service-kit/service';
import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { postService } from '../src/service.js';
import { eventually, startPost, type TestPost } from './support/post-service.js';
import { sql } from './support/rows.js';

describe('operation', () => {
  let post: TestPost;
  let token: string;
  beforeAll(async () => {
    post = await startPost();
    token = await post.auth.token(crypto.randomUUID());
  });
  afterAll(() => post.stop());

  /** A replica whose log lines can be read. */
  async function logged(environment = 'test') {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ service: 'post', level: 'debug', environment, destination });
    const replica = await startService({ ...postService(post.environment), log });
    return { replica, http: supertest(replica.url), lines };
  }

  it('logs one line a request, by its route, without what the client sent in confidence', async () => {
    const { replica, http, lines } = await logged();
    await http
      .post('/v1/posts?canary=query')
      .set({ authorization: `Bearer ${token}`, 'x-request-id': 'my-id', cookie: 'canary=cookie' })
      .send({ title: 'canary title', content: 'canary content' });
    await http.get('/v1/posts').set('authorization', 'Bearer canary.wrong.token');
    await http.post('/v1/posts').set('authorization', 'Bearer canary.wrong.token');
    const requests = await eventually(async () => {
      const found = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
      expect(found).toHaveLength(3);
      return found;
    });
    expect(requests[0]).toMatchObject({
      service: 'post',
      level: 'info',
      requestId: 'my-id',
      method: 'POST',
      route: '/v1/posts',
      status: 201,
    });
    const text = lines.join('');
    expect(['canary', token].filter((secret) => text.includes(secret))).toEqual([]);
    await replica.stop();
  });

  it('warns of a call for a user who is not known, without the token', async () => {
    const { replica, lines } = await logged();
    const key = { key: Buffer.from(post.callerKey, 'base64'), format: 'der', type: 'pkcs8' } as const;
    const client = connectService(PostsServiceClient, {
      address: `127.0.0.1:${replica.grpcPort}`,
      callee: 'post',
      identity: new ServiceIdentity('tester', createPrivateKey(key)),
      deadline: 5_000,
    });
    const metadata = new Metadata();
    metadata.set('x-user-token', 'canary.wrong.token');
    const call = callUnary((done) => client.deletePost({ id: crypto.randomUUID() }, metadata, done));
    await expect(call).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    const calls = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'call');
    expect(calls).toMatchObject([
      {
        level: 'warn',
        caller: 'tester',
        method: 'bw.post.v1.PostsService/DeletePost',
        status: 'UNAUTHENTICATED',
      },
    ]);
    expect(lines.join('')).not.toContain('canary');
    client.close();
    await replica.stop();
  });

  it.each([
    ['with the message', 'development', expect.stringContaining('does not exist')],
    ['without the message, which may hold values,', 'production', undefined],
  ])('logs what went wrong %s in %s', async (_, environment, message) => {
    const { replica, http, lines } = await logged(environment);
    const rename = (from: string, to: string) =>
      sql(post.database, `ALTER TABLE post_schema.posts RENAME COLUMN ${from} TO ${to}`);
    await rename('updated_by', 'renamed');
    const path = `/v1/posts/${crypto.randomUUID()}`;
    const { status, body } = await http
      .patch(path)
      .set('authorization', `Bearer ${token}`)
      .send({ title: 'Title' });
    await rename('renamed', 'updated_by');
    expect([status, body.code]).toEqual([500, 'internal']);
    const [error] = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
    expect(error.err).toMatchObject({ type: 'PrismaClientKnownRequestError', code: 'P2022' });
    expect(error.err.message).toEqual(message);
    await replica.stop();
  });

  it('gives each answer its request id, and repeats it in a problem', async () => {
    const given = await post.http.get('/v1/posts/nonsense').set('x-request-id', 'my-id');
    expect([given.headers['x-request-id'], given.body.requestId]).toEqual(['my-id', 'my-id']);
    expect(given.headers['content-type']).toContain('application/problem+json');
    const own = await post.http.get('/v1/posts').set('x-request-id', 'no\ttabs');
    expect(own.headers['x-request-id']).toMatch(/^[\w-]{36}$/);
  });

  it('lets nobody keep a list, and a post only to ask whether it has changed', async () => {
    const list = await post.http.get('/v1/posts');
    const created = await post.http
      .post('/v1/posts')
      .set('authorization', `Bearer ${token}`)
      .send({ title: 'Title', content: 'Content' });
    const read = await post.http.get(`/v1/posts/${created.body.id}`);
    expect([list, read].map(({ headers }) => headers['cache-control'])).toEqual(['no-store', 'no-cache']);
  });

  it('counts requests by route, method and status', async () => {
    await post.http.get(`/v1/posts/${crypto.randomUUID()}`);
    const { text } = await post.http.get('/metrics');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/posts\/:id",status="404"\} \d+/,
    );
    expect(text).toContain('author_circuit_open 0');
  });

  it('answers 503 where no connection becomes free, also while searches wait', async () => {
    const { default: pg } = await import('pg');
    const { url } = await post.replica({ DATABASE_POOL_SIZE: '1' });
    const owner = new pg.Client(post.database.url('post_owner'));
    await owner.connect();
    await owner.query('BEGIN; LOCK TABLE post_schema.posts');
    const search = supertest(url).get('/v1/posts?q=boats').then();
    await eventually(() => expectWaiting('post search'));
    expect((await supertest(url).get('/health/ready')).status).toBe(200);
    const first = supertest(url).get('/v1/posts').then();
    await eventually(() => expectWaiting('post'));
    const { status, body, headers } = await supertest(url).get('/v1/posts');
    await owner.end();
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'busy', '1']);
    expect((await first).status).toBe(200);
    expect((await search).status).toBe(503);

    async function expectWaiting(application: string) {
      const { rowCount } = await owner.query(
        'SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND application_name = $1',
        [application],
      );
      expect(rowCount).toBe(1);
    }
  });

  it('is not ready while a migration is missing', async () => {
    expect((await post.http.get('/health/ready')).status).toBe(200);
    const table = 'post_schema._prisma_migrations';
    await sql(post.database, `CREATE TABLE kept AS TABLE ${table}`);
    await sql(post.database, `DELETE FROM ${table}`);
    const { status, body } = await post.http.get('/health/ready');
    expect([status, body.code]).toEqual([503, 'not_ready']);
    expect(body.detail).toContain('lacks the migrations');
    expect((await post.http.get('/health/live')).status).toBe(200);
    await sql(post.database, `INSERT INTO ${table} TABLE kept`);
    expect((await post.http.get('/health/ready')).status).toBe(200);
  });
});
