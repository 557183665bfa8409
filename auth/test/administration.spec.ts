import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdministratorsService } from '../src/administration/administrators.service.js';
import { Auth, password } from './support/auth.js';

describe('administration', () => {
  let auth: Auth;
  let admin: { accessToken: string; id: string };
  beforeAll(async () => {
    auth = await Auth.start();
    admin = await auth.administrator();
  });
  afterAll(() => auth.stop());

  const get = (path: string) => auth.client.get(path, admin.accessToken);
  const change = (id: string, body: object) => auth.client.patch(`/v1/users/${id}`, body, admin.accessToken);
  const eventsOf = async (id: string) => {
    const { rows } = await auth.admin.query(
      'SELECT type, state, ended_session_ids FROM auth_schema.outgoing_events WHERE user_id = $1 ORDER BY sequence',
      [id],
    );
    return rows;
  };

  it('lists users page by page, each once, and never a password', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => auth.person()));
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { body, text }: Awaited<ReturnType<typeof get>> = await get(
        `/v1/users?limit=2${next && `&cursor=${next}`}`,
      );
      expect(text).not.toMatch(/argon2|password/);
      seen.push(...body.data.map(({ id }) => id));
      next = body.page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(people.map(({ id }) => id)));
  });

  it('searches by the beginning of address and names, and filters by words that mean something', async () => {
    const { id } = await auth.person({ email: 'zoe.findme@example.com', firstName: 'Zoë', lastName: 'Quux' });
    for (const q of ['zoe.find', 'ZOE.FIND', 'quu', 'QUUX']) {
      expect((await get(`/v1/users?q=${encodeURIComponent(q)}`)).body.data.map((user) => user.id)).toEqual([
        id,
      ]);
    }
    expect((await get('/v1/users?q=%25')).body.data).toEqual([]);
    expect(
      (await get('/v1/users?isVerified=false&limit=100')).body.data.every(({ isVerified }) => !isVerified),
    ).toBe(true);
    expect((await get('/v1/users?isVerified=yes')).status).toBe(400);
    expect((await get('/v1/users?limit=-1')).status).toBe(400);
    expect((await get('/v1/users?limit=1000000')).body.page.limit).toBe(100);
  });

  it('refuses a cursor of another list', async () => {
    await auth.person();
    const { body } = await get('/v1/users?limit=1');
    const answer = await get(`/v1/users?limit=1&role=USER&cursor=${body.page.next}`);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, '/cursor']);
  });

  it('bans at once, in answers, refreshes and log-ins, and lifts the ban', async () => {
    const person = await auth.person();
    expect((await change(person.id, { isBanned: true })).body.bannedAt).toEqual(expect.any(String));
    expect((await auth.client.get('/v1/auth/verify', person.accessToken)).status).toBe(401);
    expect((await auth.client.post('/v1/auth/refresh', { refreshToken: person.refreshToken })).status).toBe(
      401,
    );
    expect((await auth.client.post('/v1/auth/login', { email: person.email, password })).body.code).toBe(
      'invalid_credentials',
    );
    await change(person.id, { isBanned: false });
    expect((await auth.client.post('/v1/auth/login', { email: person.email, password })).status).toBe(200);
    expect(await eventsOf(person.id)).toEqual([
      { type: 'BANNED', state: 'BANNED', ended_session_ids: [expect.any(String)] },
      { type: 'UNBANNED', state: 'ACTIVE', ended_session_ids: [] },
    ]);
  });

  it('tells other services of a ban whatever a banned user does with an older link', async () => {
    const person = await auth.person();
    const token = await auth.tokenMailedTo(person.email, 'Confirm your address');
    await change(person.id, { isBanned: true });
    expect((await auth.client.post('/v1/auth/verify-email', { token })).status).toBe(204);
    expect(await eventsOf(person.id)).toMatchObject([
      { type: 'BANNED', state: 'BANNED' },
      { type: 'UPDATED', state: 'BANNED' },
    ]);
  });

  it('changes a role, which no older token carries any longer', async () => {
    const person = await auth.person();
    await change(person.id, { role: 'ADMIN' });
    expect((await auth.client.get('/v1/users', person.accessToken)).status).toBe(401);
    const promoted = (await auth.client.post('/v1/auth/login', { email: person.email, password })).body;
    expect((await auth.client.get('/v1/users', promoted.accessToken)).status).toBe(200);
    await change(person.id, { role: 'USER' });
    expect((await auth.client.get('/v1/users', promoted.accessToken)).status).toBe(401);
    expect((await auth.client.post('/v1/auth/refresh', { refreshToken: promoted.refreshToken })).status).toBe(
      401,
    );
  });

  it('deletes and restores, unless the address has been taken since', async () => {
    const person = await auth.person();
    expect((await auth.client.delete(`/v1/users/${person.id}`, admin.accessToken)).status).toBe(204);
    expect((await auth.client.delete(`/v1/users/${person.id}`, admin.accessToken)).status).toBe(404);
    expect((await change(person.id, { role: 'ADMIN' })).status).toBe(404);
    const restored = await auth.client.post(`/v1/users/${person.id}/restore`, undefined, admin.accessToken);
    expect([restored.status, restored.body.deletedAt]).toEqual([200, null]);
    await auth.client.delete(`/v1/users/${person.id}`, admin.accessToken);
    await auth.person({ email: person.email });
    const late = await auth.client.post(`/v1/users/${person.id}/restore`, undefined, admin.accessToken);
    expect([late.status, late.body.code]).toEqual([409, 'email_taken']);
  });

  it('ends all sessions of a user', async () => {
    const person = await auth.person();
    expect((await auth.client.delete(`/v1/users/${person.id}/sessions`, admin.accessToken)).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', person.accessToken)).status).toBe(401);
  });

  it('does not let administrators remove or demote themselves, so one is always left', async () => {
    expect((await change(admin.id, { role: 'USER' })).body.code).toBe('own_account');
    expect((await auth.client.delete(`/v1/users/${admin.id}`, admin.accessToken)).status).toBe(409);
    expect((await auth.client.delete('/v1/users/me', admin.accessToken)).status).toBe(409);
  });

  it('leaves one of two administrators who demote each other at once', async () => {
    const [one, other] = [await auth.administrator(), await auth.administrator()];
    const demote = (by: typeof one, whom: typeof one) =>
      auth.client.patch(`/v1/users/${whom.id}`, { role: 'USER' }, by.accessToken);
    const answers = await Promise.all([demote(one, other), demote(other, one)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('gives no rights to who signed up beforehand with the address of a new administrator', async () => {
    const squatter = await auth.person();
    await auth.service.app.get(AdministratorsService).create(squatter.email);
    expect((await auth.client.get('/v1/users/me', squatter.accessToken)).status).toBe(401);
    const { refreshToken, email } = squatter;
    expect((await auth.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await auth.client.post('/v1/auth/login', { email, password })).status).toBe(401);
  });

  it('makes an administrator of a user who has to sign in again for it, and none of a banned one', async () => {
    const verified = { email: 'promoted@example.com' };
    const person = await auth.person(verified);
    await auth.admin.query('UPDATE auth_schema.users SET is_verified = true WHERE id = $1', [person.id]);
    const create = () => auth.service.app.get(AdministratorsService).create(person.email);
    await create();
    const { refreshToken } = person;
    expect((await auth.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await eventsOf(person.id)).at(-1)).toMatchObject({
      type: 'UPDATED',
      ended_session_ids: [expect.any(String)],
    });
    const { body } = await auth.client.post('/v1/auth/login', { email: person.email, password });
    expect(body.user.role).toBe('ADMIN');
    await change(person.id, { isBanned: true });
    await expect(create()).rejects.toThrow('is banned');
  });

  it('records who did what to whom, with the request it came in', async () => {
    const person = await auth.person();
    const answer = await change(person.id, { isBanned: true });
    const { body } = await get(`/v1/audit-events?subjectId=${person.id}&actorId=${admin.id}`);
    expect(body).toEqual({
      data: [
        {
          id: expect.any(String),
          action: 'user_banned',
          actorId: admin.id,
          subjectId: person.id,
          ipAddress: '127.0.0.1',
          userAgent: 'node',
          requestId: answer.headers.get('x-request-id'),
          details: {},
          createdAt: expect.any(String),
        },
      ],
      page: { next: null, limit: 20 },
    });
  });

  it('lets administrators read what happened page by page, newest first, by user and by action', async () => {
    const person = await auth.person();
    const logIn = (secret: string) =>
      auth.client.post('/v1/auth/login', { email: person.email, password: secret });
    for (const secret of ['a wrong password', password, 'another wrong one']) await logIn(secret);
    const of = `/v1/audit-events?subjectId=${person.id.toUpperCase()}&limit=2`;
    const first = (await get(of)).body;
    const second = (await get(`${of}&cursor=${first.page.next}`)).body;
    expect([...first.data, ...second.data].map(({ action }) => action)).toEqual([
      'login_failed',
      'logged_in',
      'login_failed',
      'signed_up',
    ]);
    expect(second.page.next).toBeNull();
    const failed = (await get(`${of}&action=login_failed`)).body;
    expect(failed.data.map(({ action }) => action)).toEqual(['login_failed', 'login_failed']);
    expect((await get('/v1/audit-events?action=nothing')).body.errors?.[0]?.pointer).toBe('/action');
    expect((await get('/v1/audit-events?subjectId=x')).body.errors?.[0]?.pointer).toBe('/subjectId');
  });

  it('does not let users give themselves what only administrators may give', async () => {
    const person = await auth.person({ role: 'ADMIN', isVerified: 'true' });
    expect(person.user).toMatchObject({ role: 'USER', isVerified: false });
    await auth.client.patch(
      '/v1/users/me',
      { firstName: 'Eve', role: 'ADMIN', isVerified: true },
      person.accessToken,
    );
    expect((await auth.client.get('/v1/users/me', person.accessToken)).body).toMatchObject({
      firstName: 'Eve',
      role: 'USER',
      isVerified: false,
    });
  });
});
