import { beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Problem, password, type SignedIn, signUp, type Tokens } from './client.js';

describe('an account', () => {
  let anna: SignedIn;
  beforeAll(async () => {
    anna = await signUp('Anna');
  });

  it('is signed in by signing up', async () => {
    const profile = await call<SignedIn['user']>('auth', '/v1/users/me', { token: anna.accessToken });
    expect(profile).toMatchObject({ status: 200, body: { id: anna.user.id, firstName: 'Anna' } });
    expect(JSON.stringify(profile.body)).not.toMatch(/password|hash/i);
  });

  it('logs in with its password only', async () => {
    const { email } = anna.user;
    const right = await call<SignedIn>('auth', '/v1/auth/login', { body: { email, password } });
    expect(right).toMatchObject({ status: 200, body: { user: { id: anna.user.id } } });
    const wrong = await call<Problem>('auth', '/v1/auth/login', {
      body: { email, password: `${password}!` },
    });
    const unknown = await call<Problem>('auth', '/v1/auth/login', {
      body: { email: `not-${email}`, password },
    });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(unknown.body.code).toBe(wrong.body.code);
  });

  it('stays signed in by refreshing', async () => {
    const { refreshToken } = await signUp('Otto');
    const answer = await call<Tokens>('auth', '/v1/auth/refresh', { body: { refreshToken } });
    expect(answer.status).toBe(200);
    expect(answer.body.refreshToken).not.toBe(refreshToken);
    const profile = await call('auth', '/v1/users/me', { token: answer.body.accessToken });
    expect(profile.status).toBe(200);
  });

  it('is signed out for good', async () => {
    const { refreshToken } = await signUp('Ida');
    const loggedOut = await call('auth', '/v1/auth/logout', { body: { refreshToken } });
    expect(loggedOut.status).toBe(204);
    const refused = await call<Problem>('auth', '/v1/auth/refresh', { body: { refreshToken } });
    expect(refused.status).toBe(401);
  });

  it('is closed to those without a token or with a forged one', async () => {
    const forged = `${anna.accessToken.slice(0, -8)}AAAAAAAA`;
    for (const token of [undefined, 'nonsense', forged]) {
      const answer = await call<Problem>('auth', '/v1/users/me', token ? { token } : {});
      expect(answer.status).toBe(401);
    }
  });
});
