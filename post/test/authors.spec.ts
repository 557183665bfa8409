import { UserState } from '@bw/contracts/users';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { eventually, startPost, type TestPost } from './support/post-service.js';
import { authorOf, fill } from './support/rows.js';

interface Listed {
  author: { id: string; firstName: string | null; state: string };
}

describe('authors', () => {
  let post: TestPost;
  beforeAll(async () => {
    post = await startPost();
    for (let n = 0; n < 10; n++) post.auth.addUser(authorOf(n), { firstName: `Author ${n}` });
    await fill(post.database, 200);
  });
  afterAll(() => post.stop());
  beforeEach(() => {
    post.auth.summaryCalls.length = 0;
  });
  afterEach(async () => {
    post.auth.delay = 0;
    post.auth.failing = false;
    post.auth.wrong = false;
    await post.auth.startGrpc();
  });

  /** A replica that has asked nothing yet. */
  const fresh = async (changes = {}) => supertest((await post.replica(changes)).url);
  const states = (body: { data: Listed[] }) => [...new Set(body.data.map(({ author }) => author.state))];

  it('of a whole page are asked for in one call, and known for the next page', async () => {
    const http = await fresh();
    const { body } = await http.get('/v1/posts?limit=50');
    expect(body.data[0].author).toMatchObject({
      firstName: expect.stringMatching(/^Author \d$/),
      state: 'active',
    });
    await http.get('/v1/posts?limit=50&sort=createdAt');
    expect(post.auth.summaryCalls).toHaveLength(1);
    expect(post.auth.summaryCalls[0]?.sort()).toEqual(Array.from({ length: 10 }, (_, n) => authorOf(n)));
  });

  it.each([
    ['deleted', UserState.DELETED],
    ['banned', UserState.BANNED],
  ])('who are %s are shown as such, without their names', async (state, value) => {
    post.auth.addUser(authorOf(1), { state: value });
    const { body } = await (await fresh()).get(`/v1/posts?authorId=${authorOf(1)}`);
    expect(body.data[0].author).toEqual({
      id: authorOf(1),
      firstName: null,
      lastName: null,
      avatar: null,
      state,
    });
    post.auth.addUser(authorOf(1), { firstName: 'Author 1' });
  });

  it('whom auth does not know are deleted', async () => {
    post.auth.users.delete(authorOf(2));
    const { body } = await (await fresh()).get(`/v1/posts?authorId=${authorOf(2)}`);
    expect(states(body)).toEqual(['deleted']);
    post.auth.addUser(authorOf(2), { firstName: 'Author 2' });
  });

  it('are unavailable while auth is stopped, and back soon after it is', async () => {
    const http = await fresh();
    await post.auth.stopGrpc();
    const response = await http.get('/v1/posts');
    expect(response.status).toBe(200);
    expect(states(response.body)).toEqual(['unavailable']);
    expect(response.body.data[0].author.id).toMatch(/^0{8}-/);
    await post.auth.startGrpc();
    await eventually(async () => expect(states((await http.get('/v1/posts')).body)).toEqual(['active']));
  });

  it('that auth is slow about do not hold a page up, and after a few tries it is left alone', async () => {
    const http = await fresh({ AUTHORS_TIMEOUT: '100' });
    post.auth.delay = 20_000;
    for (let i = 0; i < 5; i++) {
      const { status, body } = await http.get('/v1/posts');
      expect([status, states(body)]).toEqual([200, ['unavailable']]);
    }
    const asked = post.auth.summaryCalls.length;
    await http.get('/v1/posts');
    expect(post.auth.summaryCalls).toHaveLength(asked);
  });

  it('that auth fails to tell leave the page as it is', async () => {
    const http = await fresh();
    post.auth.failing = true;
    const { status, body } = await http.get('/v1/posts?limit=3');
    expect([status, body.data.length, states(body)]).toEqual([200, 3, ['unavailable']]);
  });

  it('of whom auth tells something else show nobody else', async () => {
    const http = await fresh();
    post.auth.wrong = true;
    const { status, body } = await http.get(`/v1/posts?authorId=${authorOf(3)}`);
    expect([status, states(body)]).toEqual([200, ['deleted']]);
    expect(body.data[0].author).toMatchObject({ id: authorOf(3), firstName: null });
  });
});
