import { say } from '../terminal/index.js';
import { measureMemory } from './post-memory.js';
import { createPostSite, type PostSite } from './post-site.js';
import { load, ratesOf } from './rates.js';
import type { Measurement } from './report.js';

/**
 * post beside bare Fastify with pg doing the same on the same 100,000 rows: each server a process of its own, with a
 * pool of ten connections to the one PostgreSQL, asked by this process, which needs about half of what bare needs.
 */
export async function measure(signal: AbortSignal, { minutes = 1 }): Promise<Measurement[]> {
  say('Filling 100,000 posts …');
  const site = await createPostSite(100_000);
  const results: Measurement[] = [];
  try {
    for (const part of [measureLists, measureReads, measureSearch, measureCreates]) {
      signal.throwIfAborted();
      results.push(...(await part(site)));
    }
    signal.throwIfAborted();
    say(`Watching the memory for ${minutes} min of load …`);
    return [...results, ...(await measureMemory(site, minutes, signal))];
  } finally {
    await site.remove();
  }
}

async function measureLists({ post, bare, query }: PostSite): Promise<Measurement[]> {
  const [row] = await query<{ at: Date; id: string }>(
    'SELECT created_at AS at, id FROM post_schema.posts ORDER BY created_at, id OFFSET 50000 LIMIT 1',
  );
  const [bareFirst = 0, first = 0, middle = 0] = await ratesOf([
    { url: `${bare}/posts` },
    { url: `${post}/v1/posts` },
    { url: `${post}/v1/posts?cursor=${await cursorAt(post, row)}` },
  ]);
  return [
    { what: 'bare: first page', value: bareFirst, unit: '/s' },
    { what: 'first page, at least 0.75 of bare', value: first, unit: '/s', target: bareFirst * 0.75 },
    {
      what: 'page from the middle, at least 0.9 of the first',
      value: middle,
      unit: '/s',
      target: first * 0.9,
    },
  ];
}

/** A cursor keeps the filters' digest, so one of the first page serves for any place in the same list. */
async function cursorAt(post: string, row: { at: Date; id: string } | undefined): Promise<string> {
  const response = await fetch(`${post}/v1/posts`);
  const { page } = (await response.json()) as { page: { next: string } };
  const [filters] = JSON.parse(Buffer.from(page.next, 'base64url').toString());
  return Buffer.from(JSON.stringify([filters, [row?.at, row?.id]])).toString('base64url');
}

async function measureReads({ post, bare, query }: PostSite): Promise<Measurement[]> {
  const rows = await query<{ id: string }>('SELECT id FROM post_schema.posts ORDER BY id LIMIT 1000');
  const requests = (path: string) => rows.map(({ id }) => ({ path: `${path}/${id}` }));
  const [bareRead = 0, read = 0] = await ratesOf([
    { url: bare, requests: requests('/posts') },
    { url: post, requests: requests('/v1/posts') },
  ]);
  return [
    { what: 'bare: read by id', value: bareRead, unit: '/s' },
    { what: 'read by id, at least 0.6 of bare', value: read, unit: '/s', target: bareRead * 0.6 },
  ];
}

async function measureSearch({ post }: PostSite): Promise<Measurement[]> {
  const words = Array.from({ length: 200 }, (_, n) => `word${(n * 37) % 4_999}`);
  const texts = words.flatMap((word, n) => [
    word,
    `${word} word${n}`,
    word.slice(0, 6),
    n % 10 ? word : 'everywhere',
  ]);
  const requests = texts.map((text) => ({ path: `/v1/posts?q=${encodeURIComponent(text)}` }));
  await load({ url: post, requests });
  const result = await load({ url: post, requests });
  return [
    { what: 'search', value: result.requests.average, unit: '/s' },
    { what: 'search, p99', value: result.latency.p99, unit: 'ms', target: 50 },
  ];
}

async function measureCreates({ post, bare, token }: PostSite): Promise<Measurement[]> {
  const body = JSON.stringify({ title: 'A new post', content: 'Some words of a new post. '.repeat(20) });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const request = { method: 'POST', headers, body } as const;
  const [bareCreate = 0, create = 0] = await ratesOf([
    { url: `${bare}/posts`, ...request },
    { url: `${post}/v1/posts`, ...request },
  ]);
  return [
    { what: 'bare: insert', value: bareCreate, unit: '/s' },
    { what: 'create, at least 0.5 of bare', value: create, unit: '/s', target: bareCreate * 0.5 },
  ];
}
