import { listRoutes } from '@bw/service-kit/openapi';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { startPost, type TestPost } from './support/post-service.js';

const ownerId = crypto.randomUUID();
const id = ':id';

/** What each route answers to each caller. A route that is missing here fails the test. */
const expected: Record<string, [anonymous: number, other: number, owner: number, admin: number]> = {
  'GET /health/live': [200, 200, 200, 200],
  'GET /health/ready': [200, 200, 200, 200],
  'GET /metrics': [200, 200, 200, 200],
  'GET /docs': [200, 200, 200, 200],
  'GET /docs/openapi.json': [200, 200, 200, 200],
  'GET /docs/start.js': [200, 200, 200, 200],
  'GET /docs/swagger-ui.css': [200, 200, 200, 200],
  'GET /docs/swagger-ui-bundle.js': [200, 200, 200, 200],
  'GET /v1/posts': [200, 200, 200, 200],
  'POST /v1/posts': [401, 201, 201, 201],
  [`GET /v1/posts/${id}`]: [200, 200, 200, 200],
  [`PATCH /v1/posts/${id}`]: [401, 403, 200, 200],
  [`DELETE /v1/posts/${id}`]: [401, 403, 204, 204],
  [`POST /v1/posts/${id}/restore`]: [401, 403, 409, 409],
  'POST /v1/posts/batch-delete': [401, 200, 200, 200],
};

describe('access', () => {
  let post: TestPost;
  let tokens: Record<string, string | undefined>;

  beforeAll(async () => {
    post = await startPost();
    tokens = {
      anonymous: undefined,
      other: await post.auth.token(crypto.randomUUID()),
      owner: await post.auth.token(ownerId),
      admin: await post.auth.token(crypto.randomUUID(), { role: 'ADMIN' }),
    };
  });
  afterAll(() => post.stop());

  const call = (route: string, postId: string, token: string | undefined) => {
    const [method = '', path = ''] = route.replace(id, postId).split(' ');
    const body = path.endsWith('batch-delete') ? { ids: [postId] } : { title: 'Title', content: 'Content' };
    return fetch(`${post.service.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(method !== 'GET' && method !== 'DELETE' && { body: JSON.stringify(body) }),
      ...(method === 'DELETE' && { headers: { ...(token && { authorization: `Bearer ${token}` }) } }),
    });
  };
  const newPost = async () => {
    const response = await call('POST /v1/posts', '', tokens.owner);
    return ((await response.json()) as { id: string }).id;
  };

  it('has a rule here for each route of the service', () => {
    const routes = listRoutes(post.service.app).map(({ method, path }) => `${method} ${path}`);
    expect(routes.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.keys(expected))('%s answers each caller as it should', async (route) => {
    const statuses: number[] = [];
    for (const token of Object.values(tokens))
      statuses.push((await call(route, await newPost(), token)).status);
    expect(statuses).toEqual(expected[route]);
  });

  describe('refuses a token that', () => {
    const forge = async (header: object, claims: object, secret: Uint8Array) =>
      new SignJWT({ sid: 's', role: 'ADMIN', ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'test', ...header })
        .setIssuer(post.auth.issuer)
        .setAudience('post')
        .setSubject(ownerId)
        .setJti('j')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(secret);

    it.each<[string, () => Promise<string>]>([
      ['has expired', () => post.auth.token(ownerId, {}, '-1s')],
      ['has no session', () => post.auth.token(ownerId, { sid: undefined })],
      ['has no role', () => post.auth.token(ownerId, { role: undefined })],
      ['is for another audience', () => post.auth.token(ownerId, {}, '5m', { audience: 'other' })],
      ['is from another issuer', () => post.auth.token(ownerId, {}, '5m', { issuer: 'http://evil.test' })],
      ['is of another type', () => post.auth.token(ownerId, {}, '5m', { typ: 'JWT' })],
      [
        'is signed with the public key as a secret',
        () => forge({}, {}, new TextEncoder().encode('x'.repeat(32))),
      ],
      [
        'names its own keys',
        () => forge({ jku: `${post.auth.jwksUrl}`, jwk: { kty: 'oct' } }, {}, new Uint8Array(32).fill(1)),
      ],
      ['is not signed', async () => new UnsecuredJWT({ sub: ownerId, sid: 's', role: 'ADMIN' }).encode()],
      ['is longer than any of ours', async () => `${'a'.repeat(9_000)}.b.c`],
      ['is nonsense', async () => 'nonsense'],
    ])('%s', async (_, token) => {
      const response = await call('POST /v1/posts', '', await token());
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        code: expect.stringMatching(/invalid_token|unauthenticated/),
      });
    });
  });

  it('verifies tokens without asking auth about each', async () => {
    const before = post.auth.jwksCalls;
    for (let i = 0; i < 5; i++) await call('POST /v1/posts', '', await post.auth.token(crypto.randomUUID()));
    expect(post.auth.jwksCalls - before).toBe(0);
  });
});
