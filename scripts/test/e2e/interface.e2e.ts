import { findServices } from '@bw/migrations/services';
import { describe, expect, it } from '@jest/globals';
import { call, type Problem } from './client.js';

interface Document {
  openapi: string;
  paths: Record<string, object>;
}

describe.each(findServices().map(({ name }) => name))('the HTTP interface of %s', (service) => {
  it('says that it lives and is ready', async () => {
    expect((await call(service, '/health/live')).status).toBe(200);
    expect((await call(service, '/health/ready')).status).toBe(200);
  });

  it('is documented', async () => {
    const page = await call<string>(service, '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const { body } = await call<Document>(service, '/docs/openapi.json');
    expect(body.openapi).toMatch(/^3\.1/);
    expect(Object.keys(body.paths)).not.toEqual([]);
  });

  it('explains errors as problem+json', async () => {
    const answer = await call<Problem>(service, '/v1/nothing-here');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status: 404, title: expect.any(String), code: expect.any(String) });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|at .*\.js/);
  });

  it('takes over the request id of the caller, or gives one', async () => {
    const given = await call(service, '/health/live', { headers: { 'x-request-id': 'a-request-of-mine' } });
    expect(given.headers.get('x-request-id')).toBe('a-request-of-mine');
    const made = await call<Problem>(service, '/v1/nothing-here');
    expect(made.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
    expect(made.body.requestId).toBe(made.headers.get('x-request-id'));
  });

  it('counts requests for Prometheus', async () => {
    const metrics = await call<string>(service, '/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.body).toContain('# TYPE');
  });
});

describe('invalid input', () => {
  it('is refused with a pointer to each fault', async () => {
    const answer = await call<Problem>('auth', '/v1/auth/login', { body: { email: 'nobody' } });
    expect(answer.status).toBe(400);
    const pointers = answer.body.errors?.map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/email', '/password']));
  });
});
