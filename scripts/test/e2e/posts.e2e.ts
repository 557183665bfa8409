import { beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Post, type Problem, type SignedIn, signUp } from './client.js';

interface Page {
  data: Post[];
  page: { next: string | null; limit: number };
}

describe('a post', () => {
  let anna: SignedIn;
  let ben: SignedIn;
  let post: Post;
  beforeAll(async () => {
    [anna, ben] = await Promise.all([signUp('Anna'), signUp('Ben')]);
    const body = { title: 'Tides', content: 'The sea comes and goes.', images: [] };
    const answer = await call<Post>('post', '/v1/posts', { body, token: anna.accessToken });
    expect(answer.status).toBe(201);
    post = answer.body;
  });

  it('is listed with its author', async () => {
    const list = await call<Page>('post', '/v1/posts?limit=100');
    expect(list.status).toBe(200);
    expect(list.body.data.find(({ id }) => id === post.id)).toMatchObject({
      title: 'Tides',
      author: { id: anna.user.id, firstName: 'Anna', lastName: 'Tester' },
    });
  });

  it('is reached page by page', async () => {
    await call('post', '/v1/posts', {
      body: { title: 'Ebb', content: 'Low water.' },
      token: anna.accessToken,
    });
    const first = await call<Page>('post', '/v1/posts?limit=1');
    expect(first.body).toMatchObject({
      data: [{ title: 'Ebb' }],
      page: { limit: 1, next: expect.any(String) },
    });
    const next = encodeURIComponent(first.body.page.next ?? '');
    const second = await call<Page>('post', `/v1/posts?limit=1&cursor=${next}`);
    expect(second.body.data).toHaveLength(1);
    expect(second.body.data[0]?.id).not.toBe(first.body.data[0]?.id);
  });

  it('is not for another user to change or delete', async () => {
    const edit = { method: 'PATCH', body: { title: 'Mine now' } };
    const path = `/v1/posts/${post.id}`;
    const edited = await call<Problem>('post', path, { ...edit, token: ben.accessToken });
    const deleted = await call<Problem>('post', path, { method: 'DELETE', token: ben.accessToken });
    const anonymous = await call<Problem>('post', path, edit);
    expect([edited.status, deleted.status, anonymous.status]).toEqual([403, 403, 401]);
    expect((await call<Post>('post', path)).body.title).toBe('Tides');
  });

  it('is changed and deleted by its author', async () => {
    const path = `/v1/posts/${post.id}`;
    const token = anna.accessToken;
    const edited = await call<Post>('post', path, { method: 'PATCH', body: { title: 'High tides' }, token });
    expect(edited).toMatchObject({ status: 200, body: { title: 'High tides' } });
    expect((await call('post', path, { method: 'DELETE', token })).status).toBe(204);
    expect((await call<Problem>('post', path)).status).toBe(404);
  });
});
