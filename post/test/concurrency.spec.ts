import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { startPost, type TestPost } from './support/post-service.js';

describe('concurrent and repeated requests', () => {
  let post: TestPost;
  let ann: { authorization: string };
  const annId = crypto.randomUUID();

  beforeAll(async () => {
    post = await startPost();
    post.auth.addUser(annId, { firstName: 'Ann' });
    ann = { authorization: `Bearer ${await post.auth.token(annId)}` };
  });
  afterAll(() => post.stop());

  const create = (headers: object = {}, body: object = { title: 'Title', content: 'Content' }) =>
    post.http
      .post('/v1/posts')
      .set({ ...ann, ...headers })
      .send(body);

  describe('ETag', () => {
    it('answers 304 without a body to who has the post already, and 200 after a change', async () => {
      const created = await create();
      const url = `/v1/posts/${created.body.id}`;
      const { etag } = (await post.http.get(url)).headers;
      expect(etag).toBe(created.headers.etag);
      const again = await post.http.get(url).set('if-none-match', `"other", W/${etag}`);
      expect([again.status, again.text]).toEqual([304, '']);
      expect(again.headers.etag).toBe(etag);
      expect((await post.http.head(url).set('if-none-match', `${etag}`)).status).toBe(304);
      expect((await post.http.head(url).set('if-none-match', '"other"')).status).toBe(200);
      await post.http.patch(url).set(ann).send({ title: 'Changed' });
      expect((await post.http.get(url).set('if-none-match', `${etag}`)).status).toBe(200);
    });

    it('lets one of several writers win who all read the same version', async () => {
      const created = await create();
      const url = `/v1/posts/${created.body.id}`;
      const write = (title: string) =>
        post.http
          .patch(url)
          .set({ ...ann, 'if-match': `${created.headers.etag}` })
          .send({ title });
      const responses = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(write));
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
      const winner = responses.find(({ status }) => status === 200);
      expect((await post.http.get(url)).body).toEqual(winner?.body);
    });

    it.each(['"nonsense"', 'W/"1-aaaaaaaa"', '"1', '""'])(
      'refuses a write with If-Match: %s',
      async (tag) => {
        const { body } = await create();
        const response = await post.http.delete(`/v1/posts/${body.id}`).set({ ...ann, 'if-match': tag });
        expect([response.status, response.body.code]).toEqual([412, 'post_changed']);
      },
    );

    it('accepts If-Match: * and a list that has the version', async () => {
      const { body, headers } = await create();
      const url = `/v1/posts/${body.id}`;
      expect(
        (
          await post.http
            .patch(url)
            .set({ ...ann, 'if-match': '*' })
            .send({ title: 'x' })
        ).status,
      ).toBe(200);
      const list = `${headers.etag}, "2-aaaaaaaa"`;
      expect((await post.http.delete(url).set({ ...ann, 'if-match': list })).status).toBe(204);
    });
  });

  describe('Idempotency-Key', () => {
    const count = async (title: string) =>
      (await post.http.get(`/v1/posts?authorId=${annId}&limit=100`)).body.data.filter(
        (each: { title: string }) => each.title === title,
      ).length;

    it('creates once and replays the first answer, on another replica too', async () => {
      const other = supertest((await post.replica()).url);
      const body = { title: 'Once', content: 'Only' };
      const key = { 'idempotency-key': crypto.randomUUID() };
      const first = await create(key, body);
      const again = await other
        .post('/v1/posts')
        .set({ ...ann, ...key })
        .send(body);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body).toEqual(first.body);
      expect(again.headers.etag).toBe(first.headers.etag);
      expect(await count('Once')).toBe(1);
    });

    it('creates once for twenty requests at the same time', async () => {
      const key = { 'idempotency-key': crypto.randomUUID() };
      const responses = await Promise.all(
        Array.from({ length: 20 }, () => create(key, { title: 'Race', content: 'x' })),
      );
      const statuses = new Set(responses.map(({ status }) => status));
      expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
      const ids = responses.filter(({ status }) => status === 201).map(({ body }) => body.id);
      expect(new Set(ids).size).toBe(1);
      expect(await count('Race')).toBe(1);
    });

    it('refuses another body, and belongs to its user alone', async () => {
      const key = { 'idempotency-key': 'shared' };
      const first = await create(key);
      const other = await create(key, { title: 'Another', content: 'x' });
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
      const bob = { authorization: `Bearer ${await post.auth.token(crypto.randomUUID())}` };
      const bobs = await create({ ...key, ...bob });
      expect(bobs.status).toBe(201);
      expect(bobs.body.id).not.toBe(first.body.id);
    });

    it('does not remember a request that was refused', async () => {
      const key = { 'idempotency-key': crypto.randomUUID() };
      expect((await create(key, { title: '' })).status).toBe(400);
      expect((await create(key)).status).toBe(201);
    });

    it('replays the outcome of a batch delete', async () => {
      const { id } = (await create()).body;
      const remove = () =>
        post.http
          .post('/v1/posts/batch-delete')
          .set({ ...ann, 'idempotency-key': `delete ${id}`.replace(' ', '-') })
          .send({ ids: [id] });
      const first = await remove();
      expect(first.body.results).toEqual([{ id, outcome: 'deleted' }]);
      expect((await remove()).body).toEqual(first.body);
    });

    it.each(['', 'a b', 'x'.repeat(256)])('refuses the key %j', async (key) => {
      expect((await create({ 'idempotency-key': key })).status).toBe(400);
    });
  });
});
