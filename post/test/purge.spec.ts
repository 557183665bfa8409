import { UserEventType, UserState } from '@bw/contracts/user-events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PurgeWorker } from '../src/maintenance/purge.worker.js';
import { eventually, startPost, type TestPost } from './support/post-service.js';
import { fill, sql } from './support/rows.js';

const days = 24 * 3_600_000;

describe('purge', () => {
  let post: TestPost;
  beforeAll(async () => {
    post = await startPost({ DELETED_POSTS_DAYS: '30' });
    await fill(post.database, 2_000);
    await sql(
      post.database,
      `UPDATE post_schema.posts SET deleted_at = now() - interval '31 days' WHERE random() < 0.6`,
    );
    await sql(
      post.database,
      `UPDATE post_schema.posts SET deleted_at = now() - interval '29 days' WHERE deleted_at IS NULL AND random() < 0.5`,
    );
    await sql(
      post.database,
      `INSERT INTO post_schema.inbox_events (sequence, user_id, user_active, occurred_at, received_at)
       SELECT n, 'u', true, now() - interval '31 days', now() - interval '31 days' FROM generate_series(1, 3) n`,
    );
    await sql(
      post.database,
      `INSERT INTO post_schema.idempotency_keys (user_id, operation, key, fingerprint, answer, created_at)
       VALUES ('u', 'create', 'old', 'f', '{}', now() - interval '25 hours'), ('u', 'create', 'new', 'f', '{}', now())`,
    );
  });
  afterAll(() => post.stop());

  const count = async (where: string) => {
    const [row] = await sql<{ count: number }>(
      post.database,
      `SELECT count(*)::int AS count FROM post_schema.posts WHERE ${where}`,
    );
    return row?.count;
  };

  it('removes what has been deleted for longer than it is kept, in several batches and by two replicas', async () => {
    const [visible, recent] = [
      await count('deleted_at IS NULL'),
      await count(`deleted_at > now() - interval '30 days'`),
    ];
    const replica = await post.replica();
    await Promise.all(
      [post.service, replica].map(({ app }) => app.get(PurgeWorker, { strict: false }).purge()),
    );
    expect(await count(`deleted_at < now() - interval '30 days'`)).toBe(0);
    expect([await count('deleted_at IS NULL'), await count('deleted_at IS NOT NULL')]).toEqual([
      visible,
      recent,
    ]);
  });

  it('keeps the last event, which is where reading continues, and the keys of the last day', async () => {
    const inbox = await sql(post.database, 'SELECT sequence FROM post_schema.inbox_events');
    expect(inbox).toEqual([{ sequence: '3' }]);
    expect(await sql(post.database, 'SELECT key FROM post_schema.idempotency_keys')).toEqual([
      { key: 'new' },
    ]);
  });

  it('comes for the rest as time goes by', async () => {
    await post.service.app.get(PurgeWorker, { strict: false }).purge(Date.now() + 2 * days);
    expect(await count('deleted_at IS NOT NULL')).toBe(0);
  });
});

describe('purge of posts that were hidden with their author', () => {
  const [banned, deleted, gone, other] = Array.from({ length: 4 }, () => crypto.randomUUID());
  let post: TestPost;
  beforeAll(async () => {
    post = await startPost({ DELETED_POSTS_DAYS: '30' });
    post.auth.addUser(`${banned}`, { state: UserState.BANNED });
    post.auth.addUser(`${deleted}`, { state: UserState.DELETED });
  });
  afterAll(() => post.stop());

  const hide = (author: string | undefined, daysAgo: number, count = 1) =>
    sql(
      post.database,
      `INSERT INTO post_schema.posts (id, title, content, created_by, deleted_at, deleted_by)
       SELECT gen_random_uuid(), 'Title', 'Content', $1, now() - $2 * interval '1 day', 'account'
       FROM generate_series(1, $3)`,
      [author, daysAgo, count],
    );
  const authors = async () => {
    const text = 'SELECT DISTINCT created_by AS id FROM post_schema.posts ORDER BY created_by';
    return (await sql<{ id: string }>(post.database, text)).map(({ id }) => id);
  };
  const purge = () => post.service.app.get(PurgeWorker, { strict: false }).purge();

  it('removes them once auth has removed the user for good, and never before', async () => {
    await hide(banned, 400);
    await hide(deleted, 400);
    await hide(gone, 31, 1_100);
    await hide(other, 29);
    // More authors than are asked about at once.
    await sql(
      post.database,
      `INSERT INTO post_schema.posts (id, title, content, created_by, deleted_at, deleted_by)
       SELECT gen_random_uuid(), 'Title', 'Content', gen_random_uuid(), now() - interval '31 days', 'account'
       FROM generate_series(1, 250)`,
    );
    await purge();
    expect(await authors()).toEqual([banned, deleted, other].sort());
  });

  it('removes none of them while auth does not answer, but all the rest', async () => {
    await hide(gone, 31);
    await sql(
      post.database,
      `INSERT INTO post_schema.posts (id, title, content, created_by, deleted_at, deleted_by)
       VALUES ('a', 'Title', 'Content', 'somebody', now() - interval '31 days', 'somebody')`,
    );
    for (const trouble of ['failing', 'wrong'] as const) {
      post.auth[trouble] = true;
      await expect(purge()).rejects.toThrow();
      post.auth[trouble] = false;
    }
    expect(await authors()).toEqual([banned, deleted, gone, other].sort());
  });

  it('leaves what comes back with an author who is unbanned after months', async () => {
    post.auth.events.push({
      sequence: 1,
      userId: `${banned}`,
      type: UserEventType.UNBANNED,
      state: UserState.ACTIVE,
      occurredAt: new Date(),
      endedSessionIds: [],
      tokensExpireAt: undefined,
    });
    await eventually(async () => {
      expect((await post.http.get(`/v1/posts?authorId=${banned}`)).body.data).toHaveLength(1);
    });
  });
});
