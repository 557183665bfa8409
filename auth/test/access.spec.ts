import { listRoutes, type Route } from '@bw/service-kit/openapi';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Auth } from './support/auth.js';

const nobody = '01900000-0000-7000-8000-000000000000';

/** Who may call what. A route that is not here fails the test: access is decided, not forgotten. */
const matrix: Record<string, 'public' | 'signed-in' | 'ADMIN'> = {
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /metrics': 'public',
  'GET /docs': 'public',
  'GET /docs/openapi.json': 'public',
  'GET /docs/swagger-ui.css': 'public',
  'GET /docs/swagger-ui-bundle.js': 'public',
  'GET /docs/start.js': 'public',
  'GET /.well-known/jwks.json': 'public',
  'POST /v1/auth/signup': 'public',
  'POST /v1/auth/login': 'public',
  'POST /v1/auth/refresh': 'public',
  'POST /v1/auth/logout': 'public',
  'POST /v1/auth/token': 'public',
  'POST /v1/auth/verify-email': 'public',
  'POST /v1/auth/verify-email/resend': 'public',
  'POST /v1/auth/password/forgot': 'public',
  'POST /v1/auth/password/reset': 'public',
  'GET /v1/auth/verify': 'signed-in',
  'GET /v1/users/me': 'signed-in',
  'PATCH /v1/users/me': 'signed-in',
  'DELETE /v1/users/me': 'signed-in',
  'PUT /v1/users/me/password': 'signed-in',
  'PUT /v1/users/me/email': 'signed-in',
  'GET /v1/users/me/sessions': 'signed-in',
  'DELETE /v1/users/me/sessions': 'signed-in',
  'DELETE /v1/users/me/sessions/:id': 'signed-in',
  'GET /v1/users': 'ADMIN',
  'GET /v1/users/:id': 'ADMIN',
  'PATCH /v1/users/:id': 'ADMIN',
  'DELETE /v1/users/:id': 'ADMIN',
  'POST /v1/users/:id/restore': 'ADMIN',
  'DELETE /v1/users/:id/sessions': 'ADMIN',
  'GET /v1/audit-events': 'ADMIN',
  'GET /v1/integrations': 'ADMIN',
  'POST /v1/integrations': 'ADMIN',
  'GET /v1/integrations/:id': 'ADMIN',
  'PATCH /v1/integrations/:id': 'ADMIN',
  'DELETE /v1/integrations/:id': 'ADMIN',
};

describe('access', () => {
  let auth: Auth;
  let routes: Route[];
  beforeAll(async () => {
    auth = await Auth.start();
    routes = listRoutes(auth.service.app);
  });
  afterAll(() => auth.stop());

  const nameOf = ({ method, path }: Route) => `${method} ${path}`;
  const call = (route: Route, token?: string, body?: unknown) =>
    auth.client.send(route.method, route.path.replace(':id', nobody), {
      token,
      ...(body !== undefined && route.method !== 'GET' && { body }),
    });

  it('is decided for every route, and for none that is not there', () => {
    expect(routes.map(nameOf).sort()).toEqual(Object.keys(matrix).sort());
  });

  it('is refused to anonymous, to users and to the banned as the matrix says', async () => {
    const banned = await auth.person();
    const admin = await auth.administrator();
    expect(
      (await auth.client.patch(`/v1/users/${banned.id}`, { isBanned: true }, admin.accessToken)).status,
    ).toBe(200);
    for (const route of routes) {
      const rule = matrix[nameOf(route)];
      if (rule === 'public') continue;
      const user = await auth.person();
      const statuses = {
        anonymous: (await call(route)).status,
        banned: (await call(route, banned.accessToken)).status,
        user: (await call(route, user.accessToken)).status,
      };
      expect({ route: nameOf(route), ...statuses }).toEqual({
        route: nameOf(route),
        anonymous: 401,
        banned: 401,
        user: rule === 'ADMIN' ? 403 : expect.not.stringContaining('403'),
      });
      expect([401, 403].includes(statuses.user)).toBe(rule === 'ADMIN');
    }
  });

  it('is given to administrators', async () => {
    const admin = await auth.administrator();
    for (const route of routes.filter((candidate) => matrix[nameOf(candidate)] === 'ADMIN')) {
      expect([401, 403]).not.toContain((await call(route, admin.accessToken, {})).status);
    }
  });

  it('never fails for any input', async () => {
    const admin = await auth.administrator();
    const paths = routes.filter(({ path }) => path.startsWith('/v1/') && path !== '/v1/users/me');
    const input = fc.record({
      route: fc.constantFrom(...paths),
      id: fc.oneof(fc.constant(nobody), fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' })),
      query: fc.dictionary(
        fc.constantFrom('limit', 'cursor', 'q', 'role', 'isVerified', 'isBanned'),
        fc.string({ unit: 'binary' }),
      ),
      body: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            email: fc.oneof(fc.emailAddress(), fc.jsonValue()),
            password: fc.oneof(fc.string({ minLength: 15 }), fc.jsonValue()),
            refreshToken: fc.jsonValue(),
            token: fc.jsonValue(),
            name: fc.jsonValue(),
            grant_type: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ route, id, query, body }) => {
        const path = `${route.path.replace(':id', encodeURIComponent(id))}?${new URLSearchParams(query)}`;
        const answer = await auth.client.send(route.method, path, {
          token: admin.accessToken,
          ...(route.method !== 'GET' && { body }),
        });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});
