import { createPrivateKey } from 'node:crypto';
import { AuthorState, BatchDeleteOutcome, type Post, PostsServiceClient } from '@bw/contracts/posts';
import { UsersServiceClient } from '@bw/contracts/users';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { generateServiceKeys, ServiceIdentity } from '@bw/service-kit/security';
import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPost, type TestPost } from './support/post-service.js';
import { sql } from './support/rows.js';

const annId = crypto.randomUUID();

describe('posts over gRPC', () => {
  let post: TestPost;
  let client: PostsServiceClient;
  let ann: Metadata;
  let bob: Metadata;

  beforeAll(async () => {
    post = await startPost();
    post.auth.addUser(annId, { firstName: 'Ann' });
    client = connect(post.callerKey);
    ann = await user(annId);
    bob = await user(crypto.randomUUID());
  });
  afterAll(async () => {
    client.close();
    await post.stop();
  });

  function identity(privateKey: string): ServiceIdentity {
    const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    return new ServiceIdentity('tester', key);
  }
  function connect(privateKey: string, callee = 'post'): PostsServiceClient {
    return connectService(PostsServiceClient, {
      address: `127.0.0.1:${post.service.grpcPort}`,
      callee,
      identity: identity(privateKey),
      deadline: 5_000,
    });
  }
  async function user(id: string): Promise<Metadata> {
    const metadata = new Metadata();
    metadata.set('x-user-token', await post.auth.token(id));
    return metadata;
  }
  const create = (metadata = ann, more: object = {}) =>
    callUnary<Post>((done) =>
      client.createPost({ title: ' Title ', content: 'Content', images: [], ...more }, metadata, done),
    );

  /** All listened to at once: a refusal that nobody listens to yet would end the run. */
  const expectAll = (attempts: Promise<unknown>[], code: status) =>
    Promise.all(attempts.map((attempt) => expect(attempt).rejects.toMatchObject({ code })));

  it('answers the same as over HTTP, with the version to expect', async () => {
    const created = await create();
    expect(created).toMatchObject({
      title: 'Title',
      version: 1,
      author: { id: annId, firstName: 'Ann', state: AuthorState.ACTIVE },
    });
    const { body } = await post.http.get(`/v1/posts/${created.id}`);
    expect(body).toMatchObject({ title: 'Title', createdAt: created.createdAt?.toISOString() });
    const read = await callUnary<Post>((done) => client.getPost({ id: created.id }, done));
    expect(read).toEqual(created);
    const list = await callUnary<{ posts: Post[]; next?: string | undefined }>((done) =>
      client.listPosts({ limit: 1, authorId: annId }, done),
    );
    expect(list.posts).toEqual([created]);
  });

  it('goes on where a page ended', async () => {
    await create();
    await create();
    const page = (cursor?: string) =>
      callUnary<{ posts: Post[]; next?: string | undefined }>((done) =>
        client.listPosts({ limit: 2, cursor }, done),
      );
    const first = await page();
    const second = await page(first.next);
    expect(new Set([...first.posts, ...second.posts].map(({ id }) => id)).size).toBe(
      first.posts.length + second.posts.length,
    );
  });

  it.each([
    ['by time', {}],
    ['by rank', { query: 'voluminous' }],
  ])('answers the largest posts in pages that callers take, each post once, %s', async (_, more) => {
    const author = crypto.randomUUID();
    post.auth.addUser(author);
    const largest = {
      title: 'Voluminous',
      content: '😀'.repeat(50_000),
      images: Array.from({ length: 10 }, () => `https://img.example/${'x'.repeat(2_028)}`),
    };
    const metadata = await user(author);
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) ids.push((await create(metadata, largest)).id);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await callUnary<{ posts: Post[]; next?: string | undefined }>((done) =>
        client.listPosts({ limit: 0, authorId: author, cursor, ...more }, done),
      );
      pages.push(page.posts.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
    expect(pages.map(({ length }) => length)).toEqual([14, 6]);
  });

  it('updates what was expected, and nothing else', async () => {
    const { id } = await create();
    const update = (expectedVersion: number) =>
      callUnary<Post>((done) => client.updatePost({ id, title: 'Next', expectedVersion }, ann, done));
    expect(await update(1)).toMatchObject({ title: 'Next', content: 'Content', version: 2 });
    await expect(update(1)).rejects.toMatchObject({
      code: status.ABORTED,
      details: expect.stringContaining('post_changed'),
    });
  });

  it('deletes, restores and deletes in a batch', async () => {
    const { id } = await create();
    await callUnary((done) => client.deletePost({ id }, ann, done));
    await expect(callUnary((done) => client.getPost({ id }, done))).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
    expect(await callUnary<Post>((done) => client.restorePost({ id }, ann, done))).toMatchObject({ id });
    const foreign = await create(bob);
    const batch = await callUnary((done) => client.batchDeletePosts({ ids: [id, foreign.id] }, ann, done));
    expect(batch).toEqual({
      results: [
        { id, outcome: BatchDeleteOutcome.DELETED },
        { id: foreign.id, outcome: BatchDeleteOutcome.FORBIDDEN },
      ],
    });
  });

  it('does not restore what was hidden with its author', async () => {
    const { id } = await create();
    await sql(
      post.database,
      `UPDATE post_schema.posts SET deleted_at = now(), deleted_by = 'account' WHERE id = $1`,
      [id],
    );
    await expect(callUnary((done) => client.restorePost({ id }, ann, done))).rejects.toMatchObject({
      code: status.ABORTED,
      details: expect.stringContaining('post_hidden_with_author'),
    });
  });

  it('creates once for an idempotency key', async () => {
    const key = { idempotencyKey: crypto.randomUUID() };
    expect((await create(ann, key)).id).toBe((await create(ann, key)).id);
  });

  describe('refuses', () => {
    it('a caller that is no trusted service, or whose token is for another', async () => {
      for (const stranger of [connect(generateServiceKeys().privateKey), connect(post.callerKey, 'auth')]) {
        const read = callUnary((done) => stranger.getPost({ id: crypto.randomUUID() }, done));
        await expect(read).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
        stranger.close();
      }
    });

    it('a trusted service that acts for nobody, or for someone with a forged token', async () => {
      const forged = new Metadata();
      forged.set('x-user-token', `${await post.auth.token(annId)}x`);
      for (const metadata of [new Metadata(), forged]) {
        await expect(create(metadata)).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
      }
    });

    it('a user who is not the author, whichever service calls', async () => {
      const { id } = await create();
      const attempts = [
        callUnary((done) => client.updatePost({ id, title: 'Mine' }, bob, done)),
        callUnary((done) => client.deletePost({ id }, bob, done)),
        callUnary((done) => client.restorePost({ id }, bob, done)),
      ];
      await expectAll(attempts, status.PERMISSION_DENIED);
    });

    it('invalid input', async () => {
      const attempts = [
        create(ann, { title: '' }),
        create(ann, { images: ['http://img.example/a.png'] }),
        callUnary((done) => client.getPost({ id: 'x' }, done)),
        callUnary((done) => client.listPosts({ limit: -1 }, done)),
        callUnary((done) => client.listPosts({ limit: 0, cursor: 'x' }, done)),
        callUnary((done) => client.batchDeletePosts({ ids: [] }, ann, done)),
        create(ann, { idempotencyKey: 'a b' }),
      ];
      await expectAll(attempts, status.INVALID_ARGUMENT);
    });

    it('text that no table takes, also where a method has no check of its own', async () => {
      const keys = generateServiceKeys();
      post.auth.trust('tester', keys.publicKey);
      const users = connectService(UsersServiceClient, {
        address: post.auth.grpcAddress,
        callee: 'auth',
        identity: identity(keys.privateKey),
        deadline: 5_000,
      });
      const ask = (id: string) => callUnary((done) => users.getUserSummaries({ ids: [id] }, done));
      await expect(ask('a\u0000b')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
      await expect(ask('ab')).resolves.toBeDefined();
      users.close();
    });
  });
});
