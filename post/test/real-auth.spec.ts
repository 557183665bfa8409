import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { generateServiceKeys } from '@bw/service-kit/security';
import { type RunningService, startService } from '@bw/service-kit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import supertest from 'supertest';
import { postService } from '../src/service.js';
import { eventually } from './support/post-service.js';
import { RealAuth } from './support/real-auth.js';
import { sql } from './support/rows.js';

interface SignedIn {
  user: { id: string };
  accessToken: string;
  refreshToken: string;
}

describe('beside the real auth', () => {
  let database: TestDatabase;
  let auth: RealAuth;
  let post: RunningService;
  let http: ReturnType<typeof supertest>;

  beforeAll(async () => {
    const keys = generateServiceKeys();
    database = await createTestDatabase();
    auth = await RealAuth.start(database, keys.publicKey);
    post = await startService(
      postService({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        HTTP_PORT: '0',
        GRPC_PORT: '0',
        SHUTDOWN_DELAY: '0',
        DATABASE_URL: database.url('post_app', 'post_schema'),
        AUTH_JWKS_URL: `${auth.url}/.well-known/jwks.json`,
        AUTH_GRPC_ADDRESS: auth.grpcAddress,
        AUTHORS_TIMEOUT: '10000',
        SERVICE_PRIVATE_KEY: keys.privateKey,
        TRUSTED_SERVICES: '',
      }),
    );
    http = supertest(post.url);
  }, 90_000);
  afterAll(async () => {
    await post?.stop();
    await auth?.kill();
    await database.drop();
  });

  const signUp = async (firstName: string): Promise<SignedIn> => {
    const body = {
      email: `${crypto.randomUUID()}@example.com`,
      password: 'correct horse battery staple',
      firstName,
    };
    const response = await auth.call('POST', '/v1/auth/signup', { body });
    expect(response.status).toBe(201);
    return (await response.json()) as SignedIn;
  };
  const write = (token: string) =>
    http
      .post('/v1/posts')
      .set('authorization', `Bearer ${token}`)
      .send({ title: 'Title', content: 'Content' });

  it('a user who signed up writes a post that is listed with the name', async () => {
    const { user, accessToken } = await signUp('Ann');
    const created = await write(accessToken);
    expect(created.status).toBe(201);
    const { body } = await http.get(`/v1/posts?authorId=${user.id}`);
    expect(body.data).toEqual([created.body]);
    expect(body.data[0].author).toMatchObject({ id: user.id, firstName: 'Ann', state: 'active' });
  });

  it('a token is refused soon after its session was logged out', async () => {
    const { accessToken, refreshToken } = await signUp('Bob');
    expect((await write(accessToken)).status).toBe(201);
    const out = await auth.call('POST', '/v1/auth/logout', { token: accessToken, body: { refreshToken } });
    expect(out.status).toBe(204);
    await eventually(async () => expect((await write(accessToken)).status).toBe(401));
  });

  it('posts go with the account of their author, though auth is killed right after the commit', async () => {
    const { user, accessToken } = await signUp('Cat');
    expect((await write(accessToken)).status).toBe(201);
    const gone = await auth.call('DELETE', '/v1/users/me', {
      token: accessToken,
      body: { password: 'correct horse battery staple' },
    });
    expect(gone.status).toBe(204);
    await auth.kill();
    await auth.resume();
    await eventually(async () => {
      const { body } = await http.get(`/v1/posts?authorId=${user.id}`);
      expect(body.data).toEqual([]);
    }, 20_000);
    await eventually(async () => expect((await write(accessToken)).status).toBe(401));
  }, 60_000);

  it('reads and writes go on while auth is dead, and names come back with it', async () => {
    const { user, accessToken } = await signUp('Dan');
    await write(accessToken);
    await auth.kill();
    const { status, body } = await http.get('/v1/posts?sort=createdAt');
    expect([status, body.data.length > 0]).toEqual([200, true]);
    expect((await write(accessToken)).status).toBe(201);
    await auth.resume();
    await eventually(async () => {
      const page = await http.get(`/v1/posts?authorId=${user.id}`);
      expect(page.body.data[0].author).toMatchObject({ firstName: 'Dan', state: 'active' });
    }, 45_000);
  }, 90_000);

  it('a new signing key is known as soon as it signs, and the old one while its tokens live', async () => {
    const before = await signUp('Gil');
    expect((await write(before.accessToken)).status).toBe(201);
    const key = await auth.run('keys-rotate');
    // Its time to be fetched by everybody is over at once; auth, started again, reads that.
    await sql(database, 'UPDATE auth_schema.signing_keys SET signs_from = now() WHERE id = $1', [key]);
    await auth.kill();
    await auth.resume();
    const after = await signUp('Hal');
    expect(decodeProtectedHeader(after.accessToken).kid).toBe(key);
    await eventually(async () => expect((await write(after.accessToken)).status).toBe(201));
    expect((await write(before.accessToken)).status).toBe(201);
  }, 90_000);

  it('an administrator by auth may take down what others wrote', async () => {
    const [author, admin] = [await signUp('Eve'), await signUp('Fay')];
    const { id } = (await write(author.accessToken)).body;
    await sql(database, `UPDATE auth_schema.users SET role = 'ADMIN' WHERE id = $1`, [admin.user.id]);
    const refreshed = await auth.call('POST', '/v1/auth/refresh', {
      body: { refreshToken: admin.refreshToken },
    });
    const { accessToken } = (await refreshed.json()) as SignedIn;
    expect(decodeJwt(accessToken).aud).toContain('post');
    const remove = await http.delete(`/v1/posts/${id}`).set('authorization', `Bearer ${accessToken}`);
    expect(remove.status).toBe(204);
  });
});
