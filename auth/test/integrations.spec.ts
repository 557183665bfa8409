import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Auth, password } from './support/auth.js';
import { FirebaseIssuer, OidcIssuer, portOf } from './support/oidc.js';

const grant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
};

describe('third-party integrations', () => {
  let auth: Auth;
  let admin: { accessToken: string };
  let oidc: OidcIssuer;
  let firebase: FirebaseIssuer;
  beforeAll(async () => {
    auth = await Auth.start();
    admin = await auth.administrator();
    oidc = await OidcIssuer.start((id) => ({
      email: `${id}@partner.example.com`,
      email_verified: id !== 'doubtful',
    }));
    firebase = await FirebaseIssuer.start();
  });
  afterAll(async () => {
    await Promise.all([oidc.stop(), firebase.stop()]);
    await auth.stop();
  });

  const register = async (integration: object) =>
    (await auth.client.post('/v1/integrations', integration, admin.accessToken)).body;
  const exchange = (subject_token: string, more: object = {}) =>
    auth.client.post('/v1/auth/token', { ...grant, subject_token, ...more });
  const profile = async (token: string) => (await auth.client.get('/v1/users/me', token)).body;

  it('exchange the ID token of a real OpenID provider, always for the same user', async () => {
    const before = await exchange(await oidc.idTokenFor('carol'));
    expect([before.status, before.body.code]).toEqual([400, 'invalid_grant']);
    await register({ name: 'Partner', kind: 'OIDC', issuer: oidc.url, audience: 'our-app' });
    const first = await exchange(await oidc.idTokenFor('carol'));
    expect(first.body).toMatchObject({
      token_type: 'Bearer',
      issued_token_type: expect.stringContaining('access_token'),
    });
    expect(await profile(first.body.access_token)).toMatchObject({
      email: 'carol@partner.example.com',
      isVerified: true,
    });
    const second = await exchange(await oidc.idTokenFor('carol'));
    expect((await profile(second.body.access_token)).id).toBe((await profile(first.body.access_token)).id);
    expect(
      (await auth.client.post('/v1/auth/refresh', { refreshToken: second.body.refresh_token })).status,
    ).toBe(200);
  });

  it('take the form encoding of RFC 8693 too', async () => {
    const form = new URLSearchParams({ ...grant, subject_token: await oidc.idTokenFor('fred') });
    const answer = await auth.client.send('POST', '/v1/auth/token', {
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
  });

  it('make no account and link none by an address that the issuer has not verified', async () => {
    const victim = await auth.person({ email: 'doubtful@partner.example.com' });
    const answer = await exchange(await oidc.idTokenFor('doubtful'));
    expect([answer.status, answer.body.code]).toEqual([400, 'email_not_verified']);
    expect((await auth.client.get('/v1/users/me', victim.accessToken)).status).toBe(200);
  });

  it('lead who deleted the account to the one that was signed up for since', async () => {
    const first = await exchange(await oidc.idTokenFor('heidi'));
    const { email } = await profile(first.body.access_token);
    expect((await auth.client.delete('/v1/users/me', first.body.access_token)).status).toBe(204);
    const { id } = await auth.person({ email });
    const token = await auth.tokenMailedTo(email, 'Confirm your address');
    await auth.client.post('/v1/auth/verify-email', { token });
    for (let visit = 0; visit < 2; visit += 1) {
      const again = await exchange(await oidc.idTokenFor('heidi'));
      expect((await profile(again.body.access_token)).id).toBe(id);
    }
  });

  it('make a new account for who deleted the one before, but not for who is banned', async () => {
    const exchangeFor = async () => exchange(await oidc.idTokenFor('ivan'));
    const first = await profile((await exchangeFor()).body.access_token);
    const become = (change: string) =>
      auth.admin.query(`UPDATE auth_schema.users SET ${change} WHERE id = '${first.id}'`);
    await become('banned_at = now(), deleted_at = now()');
    expect((await exchangeFor()).body.code).toBe('invalid_grant');
    await become('banned_at = NULL');
    const second = await profile((await exchangeFor()).body.access_token);
    expect(second).toMatchObject({ email: first.email });
    expect(second.id).not.toBe(first.id);
  });

  it('end the oldest session of a user who has a hundred', async () => {
    const first = (await exchange(await oidc.idTokenFor('judy'))).body;
    const { id } = await profile(first.access_token);
    // Newer ids than any real one.
    await auth.admin.query(
      `INSERT INTO auth_schema.sessions (id, user_id, token_digest, idle_expires_at, expires_at)
       SELECT 'ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'), $1, '', 'infinity', 'infinity'
         FROM generate_series(1, 99) n`,
      [id],
    );
    const second = (await exchange(await oidc.idTokenFor('judy'))).body;
    expect((await auth.client.get('/v1/users/me', first.access_token)).status).toBe(401);
    expect((await profile(second.access_token)).id).toBe(id);
  });

  it('throw out who signed up with the address beforehand without owning it', async () => {
    const squatter = await auth.person({ email: 'dave@partner.example.com' });
    const owner = await exchange(await oidc.idTokenFor('dave'));
    expect((await profile(owner.body.access_token)).id).toBe(squatter.id);
    expect((await auth.client.get('/v1/users/me', squatter.accessToken)).status).toBe(401);
    expect((await auth.client.post('/v1/auth/refresh', { refreshToken: squatter.refreshToken })).status).toBe(
      401,
    );
    expect((await auth.client.post('/v1/auth/login', { email: squatter.email, password })).status).toBe(401);
  });

  it('leave no link to who signed up beforehand that would take the address away again', async () => {
    const squatter = await auth.person({ email: 'frank@partner.example.com' });
    const wanted = { email: 'elsewhere@example.com', password };
    expect((await auth.client.put('/v1/users/me/email', wanted, squatter.accessToken)).status).toBe(202);
    const token = await auth.tokenMailedTo(wanted.email, 'Confirm your new address');
    await exchange(await oidc.idTokenFor('frank'));
    const answer = await auth.client.post('/v1/auth/verify-email', { token });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_link']);
  });

  it('make one user of two first exchanges at once', async () => {
    const token = await oidc.idTokenFor('erin');
    const answers = await Promise.all([exchange(token), exchange(token), exchange(token)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const ids = await Promise.all(answers.map(async ({ body }) => (await profile(body.access_token)).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('know a Firebase project by its name, and fetch its keys once', async () => {
    await register({ name: 'App', kind: 'FIREBASE', audience: 'our-project', jwksUri: firebase.jwksUri });
    const claims = { sub: 'firebase-user', email: 'Gina@Example.com', email_verified: true };
    for (let round = 0; round < 3; round += 1) {
      const answer = await exchange(await firebase.idToken('our-project', claims));
      expect((await profile(answer.body.access_token)).email).toBe('gina@example.com');
    }
    expect(firebase.keySetRequests).toBe(1);
  });

  it('say nothing that our own forms would refuse', async () => {
    const kate = await auth.person({ email: 'kate@example.com' });
    const claim = async (claims: object) =>
      exchange(await firebase.idToken('our-project', { email_verified: true, ...claims }));
    // The Kelvin sign, which is a k in lower case.
    const lookalike = await claim({ sub: 'lookalike', email: '\u212aate@example.com' });
    expect([lookalike.status, lookalike.body.code]).toEqual([400, 'email_not_verified']);
    expect((await auth.client.get('/v1/users/me', kate.accessToken)).status).toBe(200);
    const nul = await claim({ sub: 'nul\0', email: 'nul@example.com' });
    expect([nul.status, nul.body.code]).toEqual([400, 'invalid_grant']);
    const named = await claim({ sub: 'named', email: 'named@example.com', given_name: 'A\0' });
    expect(await profile(named.body.access_token)).toMatchObject({ firstName: null });
  });

  it('are asked for their keys again when the answer before is as old as it may be', async () => {
    const realNow = Date.now;
    const requestsAfter = async (seconds: number) => {
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + seconds * 1_000);
      const before = firebase.keySetRequests;
      await exchange(await firebase.idToken('our-project', { sub: 'firebase-user' }));
      clock.mockRestore();
      return firebase.keySetRequests - before;
    };
    expect([await requestsAfter(3_500), await requestsAfter(3_700)]).toEqual([0, 1]);
  });

  it('are not blamed on the token when their issuer does not answer', async () => {
    await register({ name: 'Away', kind: 'FIREBASE', audience: 'away', jwksUri: 'http://127.0.0.1:9/keys' });
    const answer = await exchange(await firebase.idToken('away', { sub: 'someone' }));
    expect([answer.status, answer.body.code]).toEqual([503, 'issuer_unavailable']);
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it.each([
    ['another project', 'other-project', {}],
    ['no subject', 'our-project', { sub: '' }],
    ['who has not signed in', 'our-project', { auth_time: undefined }],
    ['who signs in tomorrow', 'our-project', { auth_time: Math.floor(Date.now() / 1_000) + 86_400 }],
  ])('refuse a Firebase token of %s', async (_name, project, claims) => {
    const token = await firebase.idToken(project, {
      sub: 'someone',
      email: 'x@example.com',
      email_verified: true,
      ...claims,
    });
    expect((await exchange(token)).body.code).toBe('invalid_grant');
  });

  it('refuse tampered tokens, nonsense, and our own access tokens', async () => {
    const token = await oidc.idTokenFor('carol');
    const mine = (await auth.person()).accessToken;
    for (const candidate of [`${token.slice(0, -6)}AAAAAA`, 'nonsense', 'a.b.c', mine]) {
      expect((await exchange(candidate)).body.code).toBe('invalid_grant');
    }
  });

  it('say whose a token is that is meant for several of them', async () => {
    const issuer = 'https://securetoken.google.com/shared';
    const partner = (name: string) => ({ name, kind: 'OIDC', issuer, audience: name });
    const one = await register({ ...partner('one'), jwksUri: firebase.jwksUri });
    await register({ ...partner('two'), jwksUri: firebase.jwksUri, withSecret: true });
    const user = { sub: 'shared-user', email: 'shared@example.com', email_verified: true };
    const token = await firebase.idToken('shared', user, ['one', 'two']);
    expect((await exchange(token)).body.code).toBe('invalid_grant');
    expect((await exchange(token, { client_id: one.id })).status).toBe(200);
  });

  it.each([
    [{ iss: { startsWith: 'https://' }, aud: 'our-app' }],
    [{ iss: 5, aud: 'our-app' }],
    [{ iss: 'https://a.example\u0000', aud: 'our-app' }],
    [{ iss: 'https://a.example', aud: ['our-app', {}] }],
  ])('are not searched for by what names no issuer or audience: %j', async (claims) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const answer = await exchange(`${part({ alg: 'RS256' })}.${part(claims)}.x`);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_grant']);
  });

  it('follow a Firebase project to another name, and go back to the discovered keys', async () => {
    const jwksUri = 'https://keys.example.com';
    const { id } = await register({ name: 'Moving', kind: 'FIREBASE', audience: 'old-project', jwksUri });
    const change = { audience: 'new-project', jwksUri: null };
    const { body } = await auth.client.patch(`/v1/integrations/${id}`, change, admin.accessToken);
    expect(body).toMatchObject({ issuer: 'https://securetoken.google.com/new-project', jwksUri: null });
  });

  it('leave a line in the audit trail for each exchange that is refused', async () => {
    const refusals = async () =>
      (
        await auth.admin.query(
          "SELECT details FROM auth_schema.audit_events WHERE action = 'token_exchange_refused' ORDER BY id",
        )
      ).rows;
    const before = (await refusals()).length;
    await exchange('nonsense');
    expect((await refusals()).slice(before)).toEqual([{ details: { code: 'invalid_grant' } }]);
  });

  it('are not read beyond what a key set may be long', async () => {
    const endless = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`{"keys":[${'{},'.repeat(200_000)}{}]}`);
    });
    await once(endless.listen(0, '127.0.0.1'), 'listening');
    try {
      const jwksUri = `http://127.0.0.1:${portOf(endless)}/keys`;
      await register({ name: 'Endless', kind: 'FIREBASE', audience: 'endless', jwksUri });
      const answer = await exchange(await firebase.idToken('endless', { sub: 'someone' }));
      expect([answer.status, answer.body.code]).toEqual([503, 'issuer_unavailable']);
    } finally {
      endless.close();
    }
  });

  it('are reached over TLS alone where it counts, however the address is spelt', async () => {
    const production = await Auth.start({ NODE_ENV: 'production' });
    try {
      const { accessToken } = await production.administrator();
      const insecure = {
        name: 'Plain',
        kind: 'OIDC',
        audience: 'a',
        issuer: 'HTTP://issuer.example.com',
        jwksUri: 'http://keys.example.com',
      };
      const { status, body } = await production.client.post('/v1/integrations', insecure, accessToken);
      expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['/issuer', '/jwksUri']]);
    } finally {
      await production.stop();
    }
  });

  it('stop with the integration', async () => {
    const { body } = await auth.client.get('/v1/integrations', admin.accessToken);
    const partner = body.data.find(({ name }) => name === 'Partner');
    await auth.client.patch(`/v1/integrations/${partner?.id}`, { isActive: false }, admin.accessToken);
    expect((await exchange(await oidc.idTokenFor('carol'))).body.code).toBe('invalid_grant');
  });
});
