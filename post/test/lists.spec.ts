import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { startPost, type TestPost } from './support/post-service.js';
import { authorOf, fill, sql } from './support/rows.js';

interface Listed {
  id: string;
  title: string;
  createdAt: string;
  updatedAt: string;
  author: { id: string };
}

describe('lists of posts', () => {
  let post: TestPost;
  beforeAll(async () => {
    post = await startPost();
    await fill(post.database, 500);
  });
  afterAll(() => post.stop());

  const get = (query: string) => post.http.get(`/v1/posts?${query}`);

  async function walk(query: string, limit: number): Promise<Listed[]> {
    const all: Listed[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await get(`${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      all.push(...body.data);
      cursor = body.page.next;
    }
    return all;
  }

  const expected = (where: string, orderBy: string) =>
    sql<{ id: string }>(
      post.database,
      `SELECT id FROM post_schema.posts WHERE deleted_at IS NULL ${where} ORDER BY ${orderBy}`,
    );

  it.each([
    ['', 'created_at DESC, id DESC'],
    ['sort=-createdAt', 'created_at DESC, id DESC'],
    ['sort=createdAt', 'created_at, id'],
    ['sort=-updatedAt', 'updated_at DESC, id DESC'],
    ['sort=updatedAt', 'updated_at, id'],
  ])('walked with %j give each post once, in order, though many share a time', async (query, orderBy) => {
    const ids = (await expected('', orderBy)).map(({ id }) => id);
    expect((await walk(query, 37)).map(({ id }) => id)).toEqual(ids);
  });

  it('of one author have no other', async () => {
    const author = authorOf(3);
    const ids = (await expected(`AND created_by = '${author}'`, 'updated_at DESC, id DESC')).map(
      ({ id }) => id,
    );
    const posts = await walk(`authorId=${author}&sort=-updatedAt`, 7);
    expect(posts.map(({ id }) => id)).toEqual(ids);
    expect(new Set(posts.map((each) => each.author.id))).toEqual(new Set([author]));
  });

  it('do not repeat or skip what was there when posts are added meanwhile', async () => {
    const before = (await expected('', 'created_at DESC, id DESC')).map(({ id }) => id);
    const first = await get('limit=10');
    const token = await post.auth.token(authorOf(1));
    await post.http
      .post('/v1/posts')
      .set('authorization', `Bearer ${token}`)
      .send({ title: 'New', content: 'New' });
    const second = await get(`limit=10&cursor=${first.body.page.next}`);
    const seen = [...first.body.data, ...second.body.data].map(({ id }: Listed) => id);
    expect(seen).toEqual(before.slice(0, 20));
  });

  it('tell the last page by a null, also when it is exactly full', async () => {
    const author = authorOf(5);
    const count = (await expected(`AND created_by = '${author}'`, 'id')).length;
    const { body } = await get(`authorId=${author}&limit=${count}`);
    expect(body.data).toHaveLength(count);
    expect(body.page).toEqual({ next: null, limit: count });
  });

  describe('cursor', () => {
    it('is refused with other filters than it was made for', async () => {
      const { next } = (await get('limit=5')).body.page;
      for (const query of [`authorId=${authorOf(1)}`, 'sort=createdAt', 'q=word1']) {
        const { status, body } = await get(`${query}&cursor=${next}`);
        expect([status, body.errors[0].pointer]).toEqual([400, '/cursor']);
      }
    });

    it.each(['x', 'bnVsbA', 'W10', Buffer.from('["aaaaaaaa",["2026",1]]').toString('base64url')])(
      'is refused when it is %j',
      async (cursor) => {
        expect((await get(`cursor=${cursor}`)).status).toBe(400);
      },
    );

    it.each([
      ['a year that PostgreSQL does not have', ['0000-01-01T00:00:00.000Z', 'a']],
      ['a time that is none', ['2026-99-01T00:00:00.000Z', 'a']],
      ['a day that its month does not have', ['2024-02-30T00:00:00.000Z', 'a']],
      ['an hour that the day does not have', ['2024-02-28T24:00:00.000Z', 'a']],
      ['a time in another form', ['2024-02-28', 'a']],
      ['an id that is no text for PostgreSQL', ['2026-01-01T00:00:00.000Z', 'a\u0000b']],
      ['an object', [{}, 'a']],
    ])('is refused with the right filters and %s', async (_, key) => {
      const { next } = (await get('limit=5')).body.page;
      const [filters] = JSON.parse(Buffer.from(next, 'base64url').toString());
      const forged = Buffer.from(JSON.stringify([filters, key])).toString('base64url');
      expect((await get(`cursor=${forged}`)).status).toBe(400);
    });
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=1.5',
    'limit=abc',
    'limit=1&limit=2',
    'sort=title',
    'sort=password',
    'authorId=1',
    'q=',
    'cursor=',
  ])('are refused for %s', async (query) => {
    const { status, body } = await get(query);
    expect([status, body.code]).toEqual([400, 'invalid_input']);
  });

  it('are capped at a hundred', async () => {
    const { body } = await get('limit=1000000');
    expect(body.page.limit).toBe(100);
    expect(body.data).toHaveLength(100);
  });
});

describe('search', () => {
  let post: TestPost;
  let headers: { authorization: string };
  beforeAll(async () => {
    post = await startPost();
    headers = { authorization: `Bearer ${await post.auth.token(authorOf(1))}` };
    await write('Sailing around the world', 'Boats, winds and harbours.');
    await write('Harbour towns', 'Where sailing boats rest. A harbour is a harbour.');
    await write('Cooking', 'Soup for sailors; nothing about ships.');
    await write('Databases', 'Indexes and locks.');
  });
  afterAll(() => post.stop());

  const write = (title: string, content: string) =>
    post.http.post('/v1/posts').set(headers).send({ title, content });
  const titles = async (query: string) => {
    const { status, body } = await post.http.get(`/v1/posts?q=${encodeURIComponent(query)}`);
    expect(status).toBe(200);
    return body.data.map(({ title }: Listed) => title);
  };

  it('ranks a word in the title above one in the text, in any form of the word', async () => {
    expect(await titles('harbours')).toEqual(['Harbour towns', 'Sailing around the world']);
  });

  it('finds what begins with the last word, as it is typed', async () => {
    expect(await titles('data')).toEqual(['Databases']);
    expect(await titles('boats har')).toHaveLength(2);
    expect(await titles('"data"')).toEqual([]);
  });

  it('reads quotes, minus and or', async () => {
    expect(await titles('"sailing boats"')).toEqual(['Harbour towns']);
    expect(await titles('sailing -boats ')).toEqual([]);
    expect((await titles('cooking or databases')).sort()).toEqual(['Cooking', 'Databases']);
  });

  it.each(['the', '"', '-', '!!!', '&|:*', "'; --", 'or', ':*', '\\'])(
    'answers %j with an empty list',
    async (query) => {
      expect(await titles(query)).toEqual([]);
    },
  );

  it('follows changes, deletion and restoring', async () => {
    const { id } = (await write('Ephemeral', 'quicksilver')).body;
    expect(await titles('quicksilver')).toEqual(['Ephemeral']);
    await post.http.patch(`/v1/posts/${id}`).set(headers).send({ content: 'mercury' });
    expect(await titles('quicksilver')).toEqual([]);
    await post.http.delete(`/v1/posts/${id}`).set(headers);
    expect(await titles('mercury')).toEqual([]);
    await post.http.post(`/v1/posts/${id}/restore`).set(headers);
    expect(await titles('mercury')).toEqual(['Ephemeral']);
  });

  it('pages by rank without repeating or skipping', async () => {
    for (let i = 0; i < 25; i++) await write(`Lighthouse ${'lighthouse '.repeat(i % 4)}`, 'lamp');
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await post.http.get(`/v1/posts?q=lighthouse&limit=4${cursor && `&cursor=${cursor}`}`);
      found.push(...body.data.map(({ id }: Listed) => id));
      cursor = body.page.next;
    }
    expect(found).toHaveLength(25);
    expect(new Set(found).size).toBe(25);
  });

  it('ranks many words in many long posts at once', async () => {
    const words = Array.from({ length: 66 }, (_, n) => `${'abcdefgh'[n % 8]}${'jkmnpqrst'[n % 9]}`);
    const content = Array(255).fill(words.join(' ')).join(' ').slice(0, 50_000);
    for (let i = 0; i < 8; i++) await write(`Long ${i}`, content);
    expect(await titles(words.join(' '))).toHaveLength(8);
    expect(await titles(`"${words.slice(0, 30).join(' ')}" ${words.slice(30).join(' ')}`)).toHaveLength(8);
  });

  it('is given up when it takes too long, and says so', async () => {
    const { default: pg } = await import('pg');
    const other = new pg.Client(post.database.url('post_owner'));
    await other.connect();
    await other.query('BEGIN; LOCK TABLE post_schema.posts');
    const { status, body, headers: answered } = await post.http.get('/v1/posts?q=boats');
    await other.end();
    expect([status, body.code, answered['retry-after']]).toEqual([503, 'search_too_slow', '5']);
  });

  it('cannot be sorted otherwise', async () => {
    const { status, body } = await post.http.get('/v1/posts?q=boats&sort=createdAt');
    expect([status, body.errors[0].pointer]).toEqual([400, '/sort']);
  });

  it('reads a post in the language that was configured when it was written', async () => {
    const german = await post.replica({ SEARCH_LANGUAGE: 'german' });
    await supertest(german.url).post('/v1/posts').set(headers).send({ title: 'Häuser', content: 'am Fluss' });
    const found = await supertest(german.url).get(`/v1/posts?q=${encodeURIComponent('haus')}`);
    expect(found.body.data.map(({ title }: Listed) => title)).toEqual(['Häuser']);
  });

  it('keeps an instance from being ready whose language the database does not know', async () => {
    const klingon = await post.replica({ SEARCH_LANGUAGE: 'klingon' });
    const { status, body } = await supertest(klingon.url).get('/health/ready');
    expect([status, body.detail]).toEqual([
      503,
      expect.stringContaining('no text search configuration klingon'),
    ]);
  });
});
