import { type UserEvent, UserEventType, UserState } from '@bw/contracts/user-events';
import type { RunningService } from '@bw/service-kit/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { InboxRepository } from '../src/events/inbox.repository.js';
import { UserEventsService } from '../src/events/user-events.service.js';
import { PostsService } from '../src/posts/posts.service.js';
import { eventually, startPost, type TestPost } from './support/post-service.js';
import { sql } from './support/rows.js';

describe('events from auth', () => {
  let post: TestPost;
  let userId: string;
  let token: string;
  let session: string;

  beforeAll(async () => {
    post = await startPost();
  });
  afterAll(() => post.stop());
  beforeEach(async () => {
    userId = crypto.randomUUID();
    session = crypto.randomUUID();
    post.auth.addUser(userId);
    token = await post.auth.token(userId, { sid: session });
  });

  const happen = (type: UserEventType, state: UserState, more: Partial<UserEvent> = {}) => {
    const sequence = (post.auth.events.at(-1)?.sequence ?? 0) + 1;
    const event = {
      sequence,
      userId,
      type,
      state,
      occurredAt: new Date(),
      endedSessionIds: [],
      tokensExpireAt: undefined,
    };
    post.auth.events.push({ ...event, ...more });
  };
  const write = async (service: RunningService = post.service): Promise<Response> =>
    fetch(`${service.url}/v1/posts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Title', content: 'Content' }),
    });
  const written = async () => (await (await write()).json()) as { id: string };
  const listed = async () => (await post.http.get(`/v1/posts?authorId=${userId}&limit=100`)).body.data.length;

  const isStored = async () => {
    const text = 'SELECT 1 FROM post_schema.inbox_events WHERE user_id = $1';
    expect(await sql(post.database, text, [userId])).toHaveLength(1);
  };

  it.each([
    ['deleted and restored', UserEventType.DELETED, UserState.DELETED, UserEventType.RESTORED],
    ['banned and unbanned', UserEventType.BANNED, UserState.BANNED, UserEventType.UNBANNED],
  ])(
    'take the posts of a user who is %s with them, and bring only these back',
    async (_, gone, state, back) => {
      const [kept, removed] = [await written(), await written()];
      await post.http.delete(`/v1/posts/${removed.id}`).set('authorization', `Bearer ${token}`);
      happen(gone, state);
      await eventually(async () => expect(await listed()).toBe(0));
      expect((await post.http.get(`/v1/posts/${kept.id}`)).status).toBe(404);
      happen(back, UserState.ACTIVE);
      await eventually(async () => expect(await listed()).toBe(1));
      expect((await post.http.get(`/v1/posts/${removed.id}`)).status).toBe(404);
    },
  );

  it('are read in smaller pages where a full one is more than a message may hold', async () => {
    await written();
    // More than a third of the limit each, so that not even a page of three arrives. One long id costs less than many.
    const more = { endedSessionIds: ['x'.repeat(1_400_000)], tokensExpireAt: new Date() };
    for (let i = 0; i < 3; i++) happen(UserEventType.SESSIONS_ENDED, UserState.ACTIVE, more);
    happen(UserEventType.BANNED, UserState.BANNED);
    await eventually(async () => expect(await listed()).toBe(0));
  });

  it('end a session: its tokens are refused on every replica, those of other sessions are not', async () => {
    const replica = await post.replica();
    const other = await post.auth.token(userId, { sid: crypto.randomUUID() });
    expect([(await write()).status, (await write(replica)).status]).toEqual([201, 201]);
    happen(UserEventType.SESSIONS_ENDED, UserState.ACTIVE, {
      endedSessionIds: [session],
      tokensExpireAt: new Date(Date.now() + 300_000),
    });
    await eventually(async () => {
      expect([(await write()).status, (await write(replica)).status]).toEqual([401, 401]);
    });
    const refused = await (await write()).json();
    expect(refused).toMatchObject({ code: 'invalid_token' });
    // A replica that starts later knows it from the inbox, though auth tells nobody twice.
    const late = await post.replica();
    expect((await write(late)).status).toBe(401);
    token = other;
    expect((await write()).status).toBe(201);
    expect(await listed()).toBeGreaterThan(0);
  });

  it('end a session while the posts of somebody else are still being hidden', async () => {
    const { id } = await written();
    const hidden = userId;
    const other = crypto.randomUUID();
    token = await post.auth.token(other, { sid: session });
    const client = new pg.Client({ connectionString: post.database.adminUrl });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM post_schema.posts WHERE id = $1 FOR UPDATE', [id]);
    happen(UserEventType.BANNED, UserState.BANNED);
    const waiting = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE%posts%'`;
    await eventually(async () => expect(await sql(post.database, waiting)).toHaveLength(1));
    const more = { endedSessionIds: [session], tokensExpireAt: new Date(Date.now() + 300_000) };
    happen(UserEventType.SESSIONS_ENDED, UserState.ACTIVE, { ...more, userId: other });
    await eventually(async () => expect((await write()).status).toBe(401));
    const stored = 'SELECT FROM post_schema.inbox_events WHERE user_id = ANY($1)';
    expect(await sql(post.database, stored, [[hidden, other]])).toEqual([]);
    await client.query('COMMIT');
    await client.end();
    await eventually(async () => expect(await sql(post.database, stored, [[hidden, other]])).toHaveLength(2));
  });

  it('are caught up with in order after auth was away', async () => {
    await written();
    await post.auth.stopGrpc();
    happen(UserEventType.DELETED, UserState.DELETED);
    happen(UserEventType.RESTORED, UserState.ACTIVE);
    happen(UserEventType.BANNED, UserState.BANNED);
    for (let i = 0; i < 450; i++)
      happen(UserEventType.UPDATED, UserState.BANNED, { userId: crypto.randomUUID() });
    await post.auth.startGrpc();
    await eventually(async () => {
      const [row] = await sql<{ last: string }>(
        post.database,
        'SELECT max(sequence) AS last FROM post_schema.inbox_events',
      );
      expect(Number(row?.last)).toBe(post.auth.events.length);
    });
    expect(await listed()).toBe(0);
  });

  it('take effect up to the one that cannot, though they come together', async () => {
    await written();
    const unlucky = crypto.randomUUID();
    await sql(
      post.database,
      `INSERT INTO post_schema.posts (id, title, content, created_by) VALUES (gen_random_uuid(), 'Stays', '', '${unlucky}');
       CREATE FUNCTION post_schema.refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN IF OLD.title = 'Stays' THEN RAISE 'not now'; END IF; RETURN NEW; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON post_schema.posts FOR EACH ROW EXECUTE FUNCTION post_schema.refuse()`,
    );
    await post.auth.stopGrpc();
    happen(UserEventType.BANNED, UserState.BANNED);
    happen(UserEventType.BANNED, UserState.BANNED, { userId: unlucky });
    await post.auth.startGrpc();
    await eventually(async () => expect(await listed()).toBe(0));
    await sql(post.database, 'DROP FUNCTION post_schema.refuse() CASCADE');
    const rest = 'SELECT FROM post_schema.posts WHERE created_by = $1 AND deleted_at IS NULL';
    await eventually(async () => expect(await sql(post.database, rest, [unlucky])).toEqual([]));
  });

  it('that auth repeats for ever are read once at a time', async () => {
    const { app } = await post.replica();
    happen(UserEventType.DELETED, UserState.DELETED);
    await eventually(isStored);
    post.auth.wrong = true;
    const again = app.get(UserEventsService, { strict: false }).catchUp();
    await expect(again).rejects.toThrow('took effect before');
    post.auth.wrong = false;
  });

  it('take effect once, though several replicas read them at the same time', async () => {
    const { id } = await written();
    const replicas = [post.service, await post.replica(), await post.replica()];
    happen(UserEventType.DELETED, UserState.DELETED);
    await Promise.all(replicas.map(({ app }) => app.get(UserEventsService, { strict: false }).catchUp()));
    const [row] = await sql(post.database, 'SELECT version FROM post_schema.posts WHERE id = $1', [id]);
    expect(row).toEqual({ version: 2 });
  });

  it('hide a post that was on its way while its author was taken down, and show it when the author is back', async () => {
    const late = crypto.randomUUID();
    const client = new pg.Client({ connectionString: post.database.adminUrl });
    await client.connect();
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO post_schema.posts (id, title, content, created_by) VALUES ($1, 'Late', 'Late', $2)`,
      [late, userId],
    );
    happen(UserEventType.BANNED, UserState.BANNED);
    await eventually(isStored);
    await client.query('COMMIT');
    await client.end();
    await eventually(async () => expect(await listed()).toBe(0));
    happen(UserEventType.UNBANNED, UserState.ACTIVE);
    await eventually(async () => expect(await listed()).toBe(1));
  });

  it('hide what is written after all with a token that is still believed', async () => {
    happen(UserEventType.DELETED, UserState.DELETED);
    await eventually(isStored);
    expect((await write()).status).toBe(201);
    await eventually(async () => expect(await listed()).toBe(0));
  });

  it('leave the posts of a user who is back alone after a start, though only the ban is told with live tokens', async () => {
    await written();
    happen(UserEventType.BANNED, UserState.BANNED, { tokensExpireAt: new Date(Date.now() + 3_600_000) });
    happen(UserEventType.UNBANNED, UserState.ACTIVE, { tokensExpireAt: new Date(Date.now() - 1_000) });
    const both = 'SELECT FROM post_schema.inbox_events WHERE user_id = $1';
    await eventually(async () => expect(await sql(post.database, both, [userId])).toHaveLength(2));
    const events = (await post.replica()).app.get(UserEventsService, { strict: false });
    await events.takeNotice();
    await events.hideLatePosts();
    expect(await listed()).toBe(1);
  });

  it('leave nothing behind when the process dies between the effect and the commit', async () => {
    const { id } = await written();
    const posts = post.service.app.get(PostsService, { strict: false });
    const inbox = post.service.app.get(InboxRepository, { strict: false });
    const before = await inbox.position();
    const crash = inbox.transaction(async (tx) => {
      await posts.followAuthor(userId, false, new Date(), tx);
      // The connection is cut as it is when a process is killed.
      await sql(
        post.database,
        `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database
         WHERE datname = current_database() AND relation = 'post_schema.posts'::regclass AND mode = 'RowExclusiveLock'`,
      );
      await tx.inboxEvent.findFirst();
    });
    await expect(crash).rejects.toThrow();
    expect((await post.http.get(`/v1/posts/${id}`)).status).toBe(200);
    expect(await inbox.position()).toBe(before);
    happen(UserEventType.DELETED, UserState.DELETED);
    await eventually(async () => expect((await post.http.get(`/v1/posts/${id}`)).status).toBe(404));
  });
});
