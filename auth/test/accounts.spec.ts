import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { Auth, eventually, password } from './support/auth.js';

const newPassword = 'another long passphrase';

describe('accounts', () => {
  let auth: Auth;
  beforeAll(async () => {
    auth = await Auth.start();
  });
  afterAll(() => auth.stop());

  const logIn = (email: string, secret = password) =>
    auth.client.post('/v1/auth/login', { email, password: secret });

  it('knows an address whatever its case, and once', async () => {
    const { email } = await auth.person({ email: 'Mixed.Case@Example.com' });
    expect(email).toBe('Mixed.Case@Example.com');
    expect((await logIn('mixed.case@example.COM')).body.user.email).toBe('mixed.case@example.com');
    const again = await auth.client.post('/v1/auth/signup', { email: 'MIXED.case@example.com', password });
    expect([again.status, again.body.code]).toEqual([409, 'email_taken']);
  });

  it('verifies an address by the link in the mail, once', async () => {
    const { email, accessToken } = await auth.person();
    const token = await auth.tokenMailedTo(email, 'Confirm your address');
    expect((await auth.client.post('/v1/auth/verify-email', { token })).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', accessToken)).body.isVerified).toBe(true);
    const again = await auth.client.post('/v1/auth/verify-email', { token });
    expect([again.status, again.body.code]).toEqual([400, 'invalid_link']);
  });

  it('sends the verification again, and then the first link is of no use', async () => {
    const { email } = await auth.person();
    const first = await auth.tokenMailedTo(email, 'Confirm your address');
    expect((await auth.client.post('/v1/auth/verify-email/resend', { email })).status).toBe(202);
    const second = await eventually(async () => {
      const token = await auth.tokenMailedTo(email, 'Confirm your address');
      expect(token).not.toBe(first);
      return token;
    });
    expect((await auth.client.post('/v1/auth/verify-email', { token: first })).status).toBe(400);
    expect((await auth.client.post('/v1/auth/verify-email', { token: second })).status).toBe(204);
  });

  it('resets a password once, even asked twice at once, and ends every session', async () => {
    const { email, accessToken, refreshToken } = await auth.person();
    await auth.client.post('/v1/auth/password/forgot', { email });
    const token = await auth.tokenMailedTo(email, 'Choose a new password');
    const reset = () => auth.client.post('/v1/auth/password/reset', { token, password: newPassword });
    const answers = await Promise.all([reset(), reset()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400]);
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(401);
    expect((await auth.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await logIn(email)).status).toBe(401);
    expect((await logIn(email, newPassword)).status).toBe(200);
    expect(await auth.mailTo(email, 'Your password was changed')).toContain(email);
  });

  it('does not take an expired link, nor one for another purpose', async () => {
    const { email } = await auth.person();
    const verification = await auth.tokenMailedTo(email, 'Confirm your address');
    expect(
      (await auth.client.post('/v1/auth/password/reset', { token: verification, password: newPassword }))
        .status,
    ).toBe(400);
    await auth.admin.query('UPDATE auth_schema.one_time_tokens SET expires_at = now() WHERE email = $1', [
      email,
    ]);
    expect((await auth.client.post('/v1/auth/verify-email', { token: verification })).status).toBe(400);
  });

  it('takes no link of an account that has been deleted since', async () => {
    const { email, accessToken } = await auth.person();
    const token = await auth.tokenMailedTo(email, 'Confirm your address');
    await auth.client.delete('/v1/users/me', accessToken);
    expect((await auth.client.post('/v1/auth/verify-email', { token })).body.code).toBe('invalid_link');
  });

  it('answers the same to a forgotten password of nobody', async () => {
    const { email } = await auth.person();
    const [known, unknown] = [
      await auth.client.post('/v1/auth/password/forgot', { email }),
      await auth.client.post('/v1/auth/password/forgot', { email: 'nobody@example.com' }),
    ];
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
  });

  it('changes the password with the current one only, and ends the other sessions', async () => {
    const { email, accessToken } = await auth.person();
    const other = (await logIn(email)).body;
    const change = (currentPassword: string) =>
      auth.client.put('/v1/users/me/password', { currentPassword, newPassword }, accessToken);
    expect((await change('not the current one')).status).toBe(401);
    expect((await change(password)).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(200);
    expect((await auth.client.get('/v1/users/me', other.accessToken)).status).toBe(401);
    expect((await logIn(email, newPassword)).status).toBe(200);
  });

  it.each([
    ['password', { currentPassword: password, newPassword }],
    ['email', { password, email: 'taken-over@example.com' }],
  ])('changes no %s by a password that is reset meanwhile', async (what, body) => {
    const { id, email, accessToken } = await auth.person();
    const change = () => auth.client.put(`/v1/users/me/${what}`, body, accessToken);
    const [answer] = await auth.overtake(
      `UPDATE auth_schema.users SET password = 'another' WHERE id = '${id}'`,
      change,
    );
    expect([answer?.status, answer?.body.code]).toEqual([401, 'invalid_credentials']);
    const { rows } = await auth.admin.query('SELECT email, password FROM auth_schema.users WHERE id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ email, password: 'another' }]);
    const links = await auth.admin.query(
      "SELECT FROM auth_schema.one_time_tokens WHERE user_id = $1 AND purpose = 'CHANGE_EMAIL'",
      [id],
    );
    expect(links.rowCount).toBe(0);
  });

  it.each([
    ['password', { currentPassword: 'not the current one', newPassword }],
    ['email', { password: 'not the current one', email: 'elsewhere@example.com' }],
  ])('records who tries to change the %s without knowing the password', async (what, body) => {
    const { id, accessToken } = await auth.person();
    expect((await auth.client.put(`/v1/users/me/${what}`, body, accessToken)).status).toBe(401);
    const { rowCount } = await auth.admin.query(
      'SELECT FROM auth_schema.audit_events WHERE action = $1 AND subject_id = $2 AND actor_id = $2',
      [`${what}_change_refused`, id],
    );
    expect(rowCount).toBe(1);
  });

  it('changes the address once the new one is confirmed, and tells the old one', async () => {
    const { email, accessToken } = await auth.person();
    const wanted = `moved-${email}`;
    const ask = (secret: string) =>
      auth.client.put('/v1/users/me/email', { email: wanted, password: secret }, accessToken);
    expect((await ask('wrong password here')).status).toBe(401);
    expect((await ask(password)).status).toBe(202);
    expect((await auth.client.get('/v1/users/me', accessToken)).body.email).toBe(email);
    expect(await auth.mailTo(email, 'Your address is about to change')).toContain(email);
    const token = await auth.tokenMailedTo(wanted, 'Confirm your new address');
    expect((await auth.client.post('/v1/auth/verify-email', { token })).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', accessToken)).body).toMatchObject({
      email: wanted,
      isVerified: true,
    });
  });

  it('takes no link that went to an address which is not the account’s any more', async () => {
    const { email, accessToken } = await auth.person();
    await auth.client.post('/v1/auth/password/forgot', { email });
    const verification = await auth.tokenMailedTo(email, 'Confirm your address');
    const reset = await auth.tokenMailedTo(email, 'Choose a new password');
    const wanted = `right-${email}`;
    await auth.client.put('/v1/users/me/email', { email: wanted, password }, accessToken);
    const token = await auth.tokenMailedTo(wanted, 'Confirm your new address');
    expect((await auth.client.post('/v1/auth/verify-email', { token })).status).toBe(204);
    const stale = [
      await auth.client.post('/v1/auth/verify-email', { token: verification }),
      await auth.client.post('/v1/auth/password/reset', { token: reset, password: newPassword }),
    ];
    expect(stale.map(({ body }) => body.code)).toEqual(['invalid_link', 'invalid_link']);
    expect((await auth.client.get('/v1/users/me', accessToken)).body.email).toBe(wanted);
  });

  it('takes a new password by the old one and by a link at once, one of the two', async () => {
    const { id, email, accessToken } = await auth.person();
    await auth.client.post('/v1/auth/password/forgot', { email });
    const token = await auth.tokenMailedTo(email, 'Choose a new password');
    const answers = await auth.overtake(
      `UPDATE auth_schema.users SET updated_at = now() WHERE id = '${id}'`,
      () => auth.client.put('/v1/users/me/password', { currentPassword: password, newPassword }, accessToken),
      () => auth.client.post('/v1/auth/password/reset', { token, password: newPassword }),
    );
    const [changed, reset] = answers.map(({ status }) => status);
    expect([
      [204, 400],
      [401, 204],
    ]).toContainEqual([changed, reset]);
  });

  it.each(['password/forgot', 'verify-email/resend'])(
    'sends no link by %s to an address that is changed meanwhile',
    async (way) => {
      const { id, email } = await auth.person();
      const links = async () =>
        (await auth.admin.query('SELECT digest FROM auth_schema.one_time_tokens WHERE user_id = $1', [id]))
          .rows;
      const before = await links();
      const change = `UPDATE auth_schema.users SET email = 'moved-' || email WHERE id = '${id}'`;
      await auth.overtake(change, () => auth.client.post(`/v1/auth/${way}`, { email }));
      await eventually(async () => {
        const { rows } = await auth.admin.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'",
        );
        expect(rows).toEqual([]);
      });
      expect(await links()).toEqual(before);
    },
  );

  it('deletes an account, and its address can sign up again', async () => {
    const { email, accessToken, id } = await auth.person();
    expect((await auth.client.delete('/v1/users/me', accessToken)).status).toBe(204);
    expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(401);
    expect((await logIn(email)).status).toBe(401);
    const again = await auth.client.post('/v1/auth/signup', { email, password });
    expect(again.status).toBe(201);
    expect(again.body.user.id).not.toBe(id);
  });

  it('replaces a hash with outdated parameters at the next log-in', async () => {
    const { email, id } = await auth.person();
    const weak = await hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await auth.admin.query('UPDATE auth_schema.users SET password = $1 WHERE id = $2', [weak, id]);
    expect((await logIn(email)).status).toBe(200);
    const { rows } = await auth.admin.query('SELECT password FROM auth_schema.users WHERE id = $1', [id]);
    expect(rows[0].password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    ['short', '/password'],
    ['passwordpassword', '/password'],
    ['password12345678', '/password'],
    ['aaaaaaaaaaaaaaaaaaaa', '/password'],
    ['guessme@example.com', '/password'],
    ['x'.repeat(257), '/password'],
  ])('refuses the password %s', async (weak, pointer) => {
    const answer = await auth.client.post('/v1/auth/signup', {
      email: 'guessme@example.com',
      password: weak,
    });
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('uses every character of a long password', async () => {
    const long = `${'a long phrase '.repeat(14)}end`;
    const { email } = await auth.person({ password: long });
    expect((await logIn(email, long)).status).toBe(200);
    expect((await logIn(email, `${long.slice(0, -3)}END`)).status).toBe(401);
  });
});
