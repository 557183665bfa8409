import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startPost, type TestPost } from './support/post-service.js';
import { fill } from './support/rows.js';

const runs = { numRuns: 150 };

/** Text as bad as text gets: controls, halves of surrogate pairs, quotes, operators, very long. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '\\',
      '&',
      '|',
      '!',
      ':',
      '*',
      '(',
      ')',
      '<',
      '-',
      ' ',
      'a',
      '\u0000',
      '%',
    ),
    maxLength: 60,
  }),
  fc.string({ minLength: 190, maxLength: 210 }),
);
const json = fc.oneof(fc.jsonValue(), text, fc.constantFrom(null, 0, -1, 1e308, [], {}, true));

describe('whatever is sent, there is no 5xx', () => {
  let post: TestPost;
  let token: string;
  beforeAll(async () => {
    post = await startPost();
    await fill(post.database, 60);
    token = await post.auth.token(crypto.randomUUID());
  });
  afterAll(() => post.stop());

  const send = async (
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const { body, headers } = options;
    const response = await fetch(post.service.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const noFault = (status: number) => expect(status).toBeLessThan(500);

  it('in the query of a list', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('limit', 'cursor', 'sort', 'authorId', 'q', '__proto__', 'q[]'), text, {
          maxKeys: 4,
        }),
        async (query) => noFault(await send('GET', `/v1/posts?${new URLSearchParams(query)}`)),
      ),
      runs,
    ));

  it('in a cursor that has the right filters', async () => {
    const page = (await (await fetch(`${post.service.url}/v1/posts?limit=5`)).json()) as {
      page: { next: string };
    };
    const [filters] = JSON.parse(Buffer.from(page.page.next, 'base64url').toString());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(json, fc.tuple(json, json), fc.tuple(fc.date({ noInvalidDate: true }), text)),
        async (key) => {
          const cursor = Buffer.from(JSON.stringify([filters, key])).toString('base64url');
          noFault(await send('GET', `/v1/posts?cursor=${cursor}`));
        },
      ),
      runs,
    );
  });

  it('in a search that pages', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (q) => {
        const query = new URLSearchParams({ q, limit: '2' });
        const response = await fetch(`${post.service.url}/v1/posts?${query}`);
        noFault(response.status);
        const { page } = (await response.json()) as { page?: { next: string | null } };
        if (page?.next) noFault(await send('GET', `/v1/posts?${query}&cursor=${page.next}`));
      }),
      runs,
    );
  });

  it('in the body of a new or changed post', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          json,
          fc.record(
            { title: json, content: json, images: fc.oneof(json, fc.array(fc.oneof(fc.webUrl(), text))) },
            { requiredKeys: [] },
          ),
        ),
        async (body) => {
          noFault(await send('POST', '/v1/posts', { body }));
          noFault(await send('PATCH', `/v1/posts/${crypto.randomUUID()}`, { body }));
          noFault(await send('POST', '/v1/posts/batch-delete', { body }));
        },
      ),
      runs,
    ));

  it('in a path or a header', () =>
    fc.assert(
      fc.asyncProperty(text, fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), async (id, header) => {
        noFault(await send('GET', `/v1/posts/${encodeURIComponent(id.replace(/\p{Cs}/gu, ''))}`));
        const headers = { 'if-match': header, 'if-none-match': header, 'idempotency-key': header };
        noFault(await send('DELETE', `/v1/posts/${crypto.randomUUID()}`, { headers }));
        noFault(await send('POST', '/v1/posts', { headers, body: { title: 'a', content: 'b' } }));
      }),
      runs,
    ));

  it('in a body that is no JSON, too large, or deep', async () => {
    const raw = async (body: string, type = 'application/json') => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      return (await fetch(`${post.service.url}/v1/posts`, { method: 'POST', headers, body })).status;
    };
    expect(await raw('{')).toBe(400);
    expect(await raw('')).toBe(400);
    expect(await raw('<a/>', 'text/xml')).toBe(415);
    expect(await raw(`"${'x'.repeat(1_100_000)}"`)).toBe(413);
    expect(await raw(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toBe(400);
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(await raw(`{"title":${deep},"content":"b"}`)).toBe(400);
    expect(await raw('{"__proto__":{"title":"a"},"content":"b"}')).toBe(400);
  });
});
