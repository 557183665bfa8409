import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Auth, eventually, password } from './support/auth.js';

describe('sessions', () => {
  let auth: Auth;
  beforeAll(async () => {
    auth = await Auth.start();
  });
  afterAll(() => auth.stop());

  const refresh = (refreshToken: string) => auth.client.post('/v1/auth/refresh', { refreshToken });
  const age = (seconds: number) =>
    auth.admin.query(`UPDATE auth_schema.sessions SET rotated_at = rotated_at - make_interval(secs => $1)`, [
      seconds,
    ]);

  /** The sessions that other services were told to refuse, event by event. */
  const toldOf = async (userId: string) => {
    const { rows } = await auth.admin.query(
      'SELECT ended_session_ids FROM auth_schema.outgoing_events WHERE user_id = $1 ORDER BY sequence',
      [userId],
    );
    return rows.map(({ ended_session_ids: ids }) => ids);
  };

  it('replaces the refresh token at each use', async () => {
    const first = await auth.person();
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    expect((await auth.client.get('/v1/users/me', second.body.accessToken)).status).toBe(200);
    expect((await refresh(second.body.refreshToken)).status).toBe(200);
  });

  it('lets one of twenty simultaneous refreshes rotate and gives all of them the same successor', async () => {
    const { refreshToken } = await auth.person();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect((await refresh(answers[0]?.body.refreshToken ?? '')).status).toBe(200);
  });

  it('ends the session when a used token comes after the grace', async () => {
    const first = await auth.person();
    const second = await refresh(first.refreshToken);
    await age(60);
    expect((await refresh(first.refreshToken)).body.code).toBe('invalid_refresh_token');
    expect((await refresh(second.body.refreshToken)).status).toBe(401);
    expect((await auth.client.get('/v1/users/me', second.body.accessToken)).status).toBe(401);
    const { rows } = await auth.admin.query(
      `SELECT FROM auth_schema.audit_events WHERE action = 'refresh_token_reused' AND subject_id = $1`,
      [first.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('ends the session when a grandparent comes within the grace', async () => {
    const first = await auth.person();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.body.refreshToken);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await refresh(third.body.refreshToken)).status).toBe(401);
  });

  it('does not end a session because of a token that we did not make', async () => {
    const { refreshToken } = await auth.person();
    const [id, secret] = refreshToken.split('.');
    for (const forged of [`${id}.${secret}.AAAAAAAAAAAAAAAAAAAAAA`, `${id}.AAAA.`, `${id}`, 'x', '..']) {
      expect((await refresh(forged)).status).toBe(401);
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('keeps nothing in the database with which one could sign in', async () => {
    const { refreshToken, id } = await auth.person();
    const { rows } = await auth.admin.query('SELECT * FROM auth_schema.sessions WHERE user_id = $1', [id]);
    const { token_digest: digest, id: session } = rows[0];
    for (const encoding of ['base64url', 'hex', 'base64'] as const) {
      const stored = digest.toString(encoding);
      expect(refreshToken).not.toContain(stored);
      expect((await refresh(`${session}.${stored}`)).status).toBe(401);
      expect((await refresh(`${session}.${stored}.${stored}`)).status).toBe(401);
    }
  });

  it.each(['idle_expires_at', 'expires_at'])('ends at %s', async (column) => {
    const { refreshToken, id } = await auth.person();
    await auth.admin.query(`UPDATE auth_schema.sessions SET ${column} = now() WHERE user_id = $1`, [id]);
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('lists the own sessions with their devices and ends one of them, its access token too', async () => {
    const { email, accessToken } = await auth.person();
    const other = await auth.client.send('POST', '/v1/auth/login', {
      body: { email, password },
      headers: { 'user-agent': 'Browser on a phone' },
    });
    const list = await auth.client.get('/v1/users/me/sessions', accessToken);
    expect(list.body.data.map(({ userAgent, current }) => [userAgent, current])).toEqual([
      ['Browser on a phone', false],
      [expect.any(String), true],
    ]);
    const [phone] = list.body.data;
    expect((await auth.client.delete(`/v1/users/me/sessions/${phone?.id}`, accessToken)).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', other.body.accessToken)).body.code).toBe('invalid_token');
    expect((await refresh(other.body.refreshToken)).status).toBe(401);
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(200);
    expect((await auth.client.delete(`/v1/users/me/sessions/${phone?.id}`, accessToken)).status).toBe(404);
  });

  it('does not end the session of somebody else', async () => {
    const [mine, theirs] = [await auth.person(), await auth.person()];
    const list = await auth.client.get('/v1/users/me/sessions', theirs.accessToken);
    expect(
      (await auth.client.delete(`/v1/users/me/sessions/${list.body.data[0]?.id}`, mine.accessToken)).status,
    ).toBe(404);
    expect((await auth.client.get('/v1/users/me', theirs.accessToken)).status).toBe(200);
  });

  it('logs out of this session or of all', async () => {
    const first = await auth.person();
    const second = (await auth.client.post('/v1/auth/login', { email: first.email, password })).body;
    const third = (await auth.client.post('/v1/auth/login', { email: first.email, password })).body;
    expect((await auth.client.post('/v1/auth/logout', { refreshToken: first.refreshToken })).status).toBe(
      204,
    );
    expect((await auth.client.get('/v1/users/me', first.accessToken)).status).toBe(401);
    expect((await auth.client.get('/v1/users/me', second.accessToken)).status).toBe(200);
    await auth.client.post('/v1/auth/logout', { refreshToken: second.refreshToken, all: true });
    expect((await auth.client.get('/v1/users/me', third.accessToken)).status).toBe(401);
    expect((await refresh(third.refreshToken)).status).toBe(401);
  });

  it('ends the oldest at a log-in of somebody who has a hundred, and tells it', async () => {
    const { id, email, accessToken, refreshToken } = await auth.person();
    // Newer ids than any real one.
    await auth.admin.query(
      `INSERT INTO auth_schema.sessions (id, user_id, token_digest, idle_expires_at, expires_at)
       SELECT 'ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'), $1, '', 'infinity', 'infinity'
         FROM generate_series(1, 98) n`,
      [id],
    );
    const logIn = () => auth.client.post('/v1/auth/login', { email, password });
    const second = (await logIn()).body;
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(200);
    const third = (await logIn()).body;
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(401);
    for (const each of [second, third]) {
      expect((await auth.client.get('/v1/users/me', each.accessToken)).status).toBe(200);
      expect((await refresh(each.refreshToken)).status).toBe(200);
    }
    const [sessionId] = refreshToken.split('.');
    expect(await toldOf(id)).toEqual([[sessionId]]);
    const { rows } = await auth.admin.query(
      `SELECT action FROM auth_schema.audit_events WHERE subject_id = $1 ORDER BY id`,
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'signed_up',
      'logged_in',
      'logged_in',
      'oldest_sessions_ended',
    ]);
  });

  it('logs out of very many, and names those only that may still have a valid access token', async () => {
    const { id, refreshToken } = await auth.person();
    await auth.admin.query(
      `INSERT INTO auth_schema.sessions (id, user_id, token_digest, rotated_at, idle_expires_at, expires_at)
       SELECT gen_random_uuid(), $1, '', now() - interval '1 hour', 'infinity', 'infinity' FROM generate_series(1, 20000)`,
      [id],
    );
    expect((await auth.client.post('/v1/auth/logout', { refreshToken, all: true })).status).toBe(204);
    const alive = 'SELECT FROM auth_schema.sessions WHERE user_id = $1 AND revoked_at IS NULL';
    expect((await auth.admin.query(alive, [id])).rows).toEqual([]);
    expect(await toldOf(id)).toEqual([[refreshToken.split('.')[0]]]);
  });

  it('takes a log-out with a token of long ago for what a refresh with it would be', async () => {
    const { refreshToken, accessToken, email } = await auth.person();
    const other = (await auth.client.post('/v1/auth/login', { email, password })).body;
    const next = (await refresh(refreshToken)).body.refreshToken;
    await refresh(next);
    expect((await auth.client.post('/v1/auth/logout', { refreshToken, all: true })).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(401);
    expect((await auth.client.get('/v1/users/me', other.accessToken)).status).toBe(200);
  });

  it.each([
    ['a ban', 'banned_at = now()'],
    ['a deletion', 'deleted_at = now()'],
    ['a new password', "password = 'another'"],
  ])('starts none for a log-in that %s overtakes', async (_, change) => {
    const { email, id } = await auth.person();
    const logIn = () => auth.client.post('/v1/auth/login', { email, password });
    const [answer] = await auth.overtake(`UPDATE auth_schema.users SET ${change} WHERE id = '${id}'`, logIn);
    expect(answer?.body.code).toBe('invalid_credentials');
  });

  it('tells a gateway the same of a token seen for the first time and of one remembered', async () => {
    const { id, accessToken, refreshToken } = await auth.person();
    const visit = async () => {
      const options = { token: accessToken, headers: { 'x-request-id': 'gateway-1' } };
      const { status, headers, text } = await auth.client.send('GET', '/v1/auth/verify', options);
      const { date, ...others } = Object.fromEntries(headers);
      return { status, headers: others, text };
    };
    const first = await visit();
    expect(first).toMatchObject({ status: 204, text: '' });
    expect(first.headers).toMatchObject({
      'x-user-id': id,
      'x-user-role': 'USER',
      'x-request-id': 'gateway-1',
      'cache-control': 'no-store',
    });
    expect(await visit()).toEqual(first);
    await auth.client.post('/v1/auth/logout', { refreshToken });
    expect(await visit()).toMatchObject({ status: 401, text: expect.stringContaining('invalid_token') });
  });

  it('ends a session in every replica within seconds', async () => {
    const replica = await auth.startReplica();
    const { refreshToken, accessToken } = await auth.person();
    const visit = () =>
      fetch(`${replica.url}/v1/auth/verify`, { headers: { authorization: `Bearer ${accessToken}` } });
    try {
      expect((await visit()).status).toBe(204);
      await auth.client.post('/v1/auth/logout', { refreshToken });
      await eventually(async () => expect((await visit()).status).toBe(401));
    } finally {
      await replica.stop();
    }
  });
});
