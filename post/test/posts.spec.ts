import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPost, type TestPost } from './support/post-service.js';
import { sql } from './support/rows.js';

const annId = crypto.randomUUID();
const bobId = crypto.randomUUID();

describe('posts', () => {
  let post: TestPost;
  let ann: string;
  let bob: string;
  let admin: string;

  beforeAll(async () => {
    post = await startPost();
    post.auth.addUser(annId, { firstName: 'Ann', lastName: 'Ash' });
    ann = await post.auth.token(annId);
    bob = await post.auth.token(bobId);
    admin = await post.auth.token(crypto.randomUUID(), { role: 'ADMIN' });
  });
  afterAll(() => post.stop());

  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  const create = async (body: object = {}) => {
    const response = await post.http
      .post('/v1/posts')
      .set(as(ann))
      .send({ title: 'Title', content: 'Content', ...body });
    return response;
  };

  it('are created and read with their author', async () => {
    const created = await create({
      title: ' Hello ',
      content: 'Two\r\nlines',
      images: ['https://img.example/a.png'],
    });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.any(String),
      title: 'Hello',
      content: 'Two\nlines',
      images: ['https://img.example/a.png'],
      author: { id: annId, firstName: 'Ann', lastName: 'Ash', avatar: null, state: 'active' },
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const read = await post.http.get(`/v1/posts/${created.body.id}`);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(created.body);
  });

  it('may be the longest there are, in JSON of ASCII only', async () => {
    const longest = {
      title: '😀'.repeat(200),
      content: '😀'.repeat(50_000),
      images: Array.from({ length: 10 }, () => `https://img.example/${'😀'.repeat(1_000)}`),
    };
    const escaped = JSON.stringify(longest).replace(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
    );
    const created = await post.http
      .post('/v1/posts')
      .set({ ...as(ann), 'content-type': 'application/json' })
      .send(escaped);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject(longest);
  });

  it('answer with a problem that points at each fault of the input', async () => {
    const response = await create({
      title: '',
      content: 'a\u0001b',
      images: ['http://img.example/a.png', 'javascript:alert(1)'],
    });
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.body).toMatchObject({ code: 'invalid_input', requestId: expect.any(String) });
    const pointers = response.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect([...new Set(pointers)].sort()).toEqual(['/content', '/images', '/title']);
  });

  it('answer with one fault for what is absent', async () => {
    const { status, body } = await create({ title: undefined, content: 'x'.repeat(50_001) });
    expect([status, body.errors]).toEqual([
      400,
      [
        { pointer: '/title', message: 'title is required' },
        { pointer: '/content', message: expect.stringContaining('50000') },
      ],
    ]);
  });

  it.each([
    ['a title of 201 characters', { title: 'x'.repeat(201) }],
    ['a title of two lines', { title: 'a\nb' }],
    ['half a surrogate pair', { content: 'a\ud800' }],
    ['content of 50,001 characters', { content: 'x'.repeat(50_001) }],
    ['eleven images', { images: Array(11).fill('https://img.example/a.png') }],
    ['credentials in an image URL', { images: ['https://user:pass@img.example/a.png'] }],
    ['null for images', { images: null }],
    ['a number for a title', { title: 1 }],
  ])('are refused with %s', async (_, fault) => {
    expect((await create(fault)).status).toBe(400);
  });

  it.each([
    ['NUL in a title', { title: 'a\u0000' }, '/title'],
    [
      'half a surrogate pair in a list',
      { images: ['https://img.example/a.png', 'https://\udc00'] },
      '/images/1',
    ],
    ['NUL in a field that nobody reads', { other: [{ 'a/b': '\u0000' }] }, '/other/0/a~1b'],
    ['half a surrogate pair in the name of a field', { 'a\ud800': 1 }, '/a\ud800'],
  ])('are refused with %s, by its place', async (_, fault, pointer) => {
    const { status, body } = await create(fault);
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_input', pointer]);
  });

  it.each([
    ['a query', '/v1/posts?authorId=%00', '/authorId'],
    ['a path', '/v1/posts/%00', '/id'],
  ])('are not looked for with NUL in %s', async (_, path, pointer) => {
    const { status, body } = await post.http.get(path);
    expect([status, body.code]).toEqual([400, 'invalid_input']);
    expect(body.errors).toEqual([{ pointer, message: expect.stringContaining('NUL') }]);
  });

  describe('of another user', () => {
    let id: string;
    beforeEach(async () => {
      id = (await create()).body.id;
    });

    it('cannot be changed, deleted or restored, and stay as they were', async () => {
      const attempts = [
        await post.http.patch(`/v1/posts/${id}`).set(as(bob)).send({ title: 'Mine now' }),
        await post.http.delete(`/v1/posts/${id}`).set(as(bob)),
        await post.http.post(`/v1/posts/${id}/restore`).set(as(bob)),
      ];
      expect(attempts.map(({ status, body }) => [status, body.code])).toEqual(
        Array(3).fill([403, 'not_your_post']),
      );
      expect((await post.http.get(`/v1/posts/${id}`)).body.title).toBe('Title');
    });

    it('can be changed and deleted by an administrator; the author stays the author', async () => {
      const changed = await post.http.patch(`/v1/posts/${id}`).set(as(admin)).send({ title: 'Edited' });
      expect(changed.body).toMatchObject({ title: 'Edited', content: 'Content', author: { id: annId } });
      expect((await post.http.delete(`/v1/posts/${id}`).set(as(admin))).status).toBe(204);
      // What an administrator took down, the owner cannot put back.
      expect((await post.http.post(`/v1/posts/${id}/restore`).set(as(ann))).status).toBe(403);
      expect((await post.http.post(`/v1/posts/${id}/restore`).set(as(admin))).status).toBe(200);
    });
  });

  it('that are deleted are gone everywhere until their owner restores them', async () => {
    const { id } = (await create()).body;
    expect((await post.http.delete(`/v1/posts/${id}`).set(as(ann))).status).toBe(204);
    expect((await post.http.get(`/v1/posts/${id}`)).body.code).toBe('post_not_found');
    expect((await post.http.patch(`/v1/posts/${id}`).set(as(ann)).send({ title: 'x' })).status).toBe(404);
    expect((await post.http.delete(`/v1/posts/${id}`).set(as(ann))).status).toBe(404);
    expect((await post.http.post(`/v1/posts/${id}/restore`).set(as(bob))).body.code).toBe('post_not_found');
    const list = await post.http.get(`/v1/posts?authorId=${annId}&limit=100`);
    expect(list.body.data.map((each: { id: string }) => each.id)).not.toContain(id);

    expect((await post.http.post(`/v1/posts/${id}/restore`).set(as(ann))).body.id).toBe(id);
    expect((await post.http.get(`/v1/posts/${id}`)).status).toBe(200);
    expect((await post.http.post(`/v1/posts/${id}/restore`).set(as(ann))).body.code).toBe('post_not_deleted');
  });

  it('that went with their author come back with the author only, also where an administrator asks', async () => {
    const [hidden, removed] = [(await create()).body.id, (await create()).body.id];
    await post.http.delete(`/v1/posts/${removed}`).set(as(ann));
    await sql(
      post.database,
      `UPDATE post_schema.posts SET deleted_at = now(), deleted_by = 'account' WHERE id = $1`,
      [hidden],
    );
    const restore = (id: string, token: string) => post.http.post(`/v1/posts/${id}/restore`).set(as(token));
    for (const token of [admin, ann]) {
      const { status, body } = await restore(hidden, token);
      expect([status, body.code]).toEqual([409, 'post_hidden_with_author']);
    }
    expect((await restore(hidden, bob)).body.code).toBe('post_not_found');
    expect((await post.http.get(`/v1/posts/${hidden}`)).status).toBe(404);
    expect((await restore(removed, admin)).status).toBe(200);
  });

  it('refuse a change that changes nothing, or sets null', async () => {
    const { id } = (await create()).body;
    const patch = (body: object) => post.http.patch(`/v1/posts/${id}`).set(as(ann)).send(body);
    expect((await patch({})).status).toBe(400);
    expect((await patch({ title: null })).status).toBe(400);
    const changed = await patch({ images: ['https://img.example/b.png'] });
    expect(changed.body).toMatchObject({ title: 'Title', images: ['https://img.example/b.png'] });
    expect((await patch({ title: 'Next' })).body.images).toEqual(['https://img.example/b.png']);
  });

  it('are deleted in a batch with an outcome for each', async () => {
    const [mine, gone] = [(await create()).body.id, (await create()).body.id];
    await post.http.delete(`/v1/posts/${gone}`).set(as(ann));
    const foreign = await post.http.post('/v1/posts').set(as(bob)).send({ title: 'Bob', content: 'Bob' });
    const unknown = crypto.randomUUID();
    const response = await post.http
      .post('/v1/posts/batch-delete')
      .set(as(ann))
      .send({ ids: [unknown, foreign.body.id, mine, mine, gone] });
    expect(response.status).toBe(200);
    expect(response.body.results).toEqual([
      { id: unknown, outcome: 'not_found' },
      { id: foreign.body.id, outcome: 'forbidden' },
      { id: mine, outcome: 'deleted' },
      { id: gone, outcome: 'not_found' },
    ]);
    expect((await post.http.get(`/v1/posts/${foreign.body.id}`)).status).toBe(200);
    const many = await post.http
      .post('/v1/posts/batch-delete')
      .set(as(ann))
      .send({ ids: Array(101).fill(unknown) });
    expect(many.status).toBe(400);
  });

  it('are the same ones when their ids are written in capitals', async () => {
    const { id } = (await create()).body;
    const shouted = id.toUpperCase();
    expect((await post.http.get(`/v1/posts/${shouted}`)).body.id).toBe(id);
    const list = await post.http.get(`/v1/posts?authorId=${annId.toUpperCase()}&limit=1`);
    expect(list.body.data[0]?.id).toBe(id);
    const batch = { ids: [shouted, id] };
    const { body } = await post.http.post('/v1/posts/batch-delete').set(as(ann)).send(batch);
    expect(body.results).toEqual([{ id, outcome: 'deleted' }]);
  });

  it('survive batches that overlap and cross: each post is deleted once', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push((await create()).body.id);
    const batch = (order: string[]) =>
      post.http.post('/v1/posts/batch-delete').set(as(ann)).send({ ids: order });
    const responses = await Promise.all([
      batch(ids),
      batch([...ids].reverse()),
      batch(ids),
      batch([...ids].reverse()),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const deleted = responses
      .flatMap(({ body }) => body.results)
      .filter(({ outcome }) => outcome === 'deleted');
    expect(deleted).toHaveLength(20);
  });
});
