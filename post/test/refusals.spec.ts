import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLog } from '@bw/service-kit/logging';
import { type RunningService, startService } from '@bw/service-kit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postService } from '../src/service.js';
import { startPost, type TestPost } from './support/post-service.js';

const lines: string[] = [];

describe('what is refused before there is a route', () => {
  let post: TestPost;
  let replica: RunningService;
  beforeAll(async () => {
    post = await startPost();
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ service: 'post', level: 'info', destination });
    replica = await startService({ ...postService(post.environment), log });
  });
  afterAll(async () => {
    await replica.stop();
    await post.stop();
  });

  /** As it goes over the wire: no client would send these. */
  async function send(start: string, headers: readonly string[] = []) {
    const { hostname, port } = new URL(replica.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write([start, 'host: x', 'connection: close', ...headers, '', ''].join('\r\n'));
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    const [status = '', ...fields] = head.split('\r\n');
    const pairs = fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 2)] as const;
    });
    return { status: Number(status.split(' ')[1]), headers: new Map(pairs), problem: JSON.parse(body) };
  }

  it.each([
    ['a path that is no text', 'GET /%ff HTTP/1.1', [], 400, 'bad_request'],
    ['an id that is too long', `GET /v1/posts/${'x'.repeat(201)} HTTP/1.1`, [], 414, 'uri_too_long'],
    ['a method that nobody knows', 'FOO /v1/posts HTTP/1.1', [], 400, 'bad_request'],
    ['a method that is never served', 'PROPFIND /v1/posts HTTP/1.1', [], 404, 'route_not_found'],
    ['headers of 17 KB', 'GET /v1/posts HTTP/1.1', [`x: ${'x'.repeat(17_000)}`], 431, 'headers_too_large'],
    ['what is no HTTP', 'nonsense', [], 400, 'bad_request'],
  ])('is a problem like any other: %s', async (_, start, headers, status, code) => {
    lines.length = 0;
    const answer = await send(start, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const requestId = answer.headers.get('x-request-id');
    expect(answer.problem).toEqual({
      type: `urn:problem:${code.replaceAll('_', '-')}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      requestId,
    });
    expect(requestId).toMatch(/^[\w-]{36}$/);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'info', requestId, status }),
    ]);
  });

  it('keeps the id that the caller gave, where it could be read', async () => {
    const { headers, problem } = await send('GET /%ff HTTP/1.1', ['x-request-id: my-id']);
    expect([headers.get('x-request-id'), problem.requestId]).toEqual(['my-id', 'my-id']);
  });
});
