import { listRoutes } from '@bw/service-kit/openapi';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSample, type TestSample } from './support/sample-service.js';

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
  'GET /v1/widgets': [200, 200, 200, 200],
  'POST /v1/widgets': [401, 201, 201, 201],
  [`GET /v1/widgets/${id}`]: [200, 200, 200, 200],
  [`PATCH /v1/widgets/${id}`]: [401, 403, 200, 200],
  [`DELETE /v1/widgets/${id}`]: [401, 403, 204, 204],
};

describe('access', () => {
  let app: TestSample;
  let tokens: (string | undefined)[];

  beforeAll(async () => {
    app = await startSample();
    tokens = [
      undefined,
      await app.issuer.token(crypto.randomUUID()),
      await app.issuer.token(ownerId),
      await app.issuer.token(crypto.randomUUID(), { role: 'ADMIN' }),
    ];
  });
  afterAll(() => app.stop());

  const call = (route: string, rowId: string, token: string | undefined) => {
    const [method = '', path = ''] = route.replace(id, rowId).split(' ');
    const hasBody = method === 'POST' || method === 'PATCH';
    return fetch(`${app.service.url}${path}`, {
      method,
      headers: {
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(hasBody && { body: JSON.stringify({ text: 'Text' }) }),
    });
  };
  const newRow = async () => {
    const response = await call('POST /v1/widgets', '', await app.issuer.token(ownerId));
    return ((await response.json()) as { id: string }).id;
  };

  it('has a rule here for each route of the service', () => {
    const routes = listRoutes(app.service.app).map(({ method, path }) => `${method} ${path}`);
    expect(routes.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.keys(expected))('%s answers each caller as it should', async (route) => {
    const statuses: number[] = [];
    for (const token of tokens) statuses.push((await call(route, await newRow(), token)).status);
    expect(statuses).toEqual(expected[route]);
  });

  it('is refused with a token for another service', async () => {
    const token = await app.issuer.token(ownerId, {}, { audience: 'other' });
    expect((await call('POST /v1/widgets', '', token)).status).toBe(401);
  });
});
