import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientOf } from '../src/guessing/client-address.js';
import { Auth, eventually, password } from './support/auth.js';

describe('guessing', () => {
  let auth: Auth;
  beforeAll(async () => {
    auth = await Auth.start();
  });
  afterAll(() => auth.stop());

  const wrong = 'this is a wrong guess';

  it('stops fifty guesses at once over two replicas after the first few', async () => {
    const replica = await auth.startReplica();
    try {
      const { email } = await auth.person();
      const guess = (url: string) =>
        fetch(`${url}/v1/auth/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email, password: wrong }),
        });
      const urls = [auth.service.url, replica.url];
      const began = Date.now();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => guess(urls[index % 2] ?? '')),
      );
      const judged = answers.filter(({ status }) => status === 401).length;
      // Where the machine is so slow that the first waits end meanwhile, after 2 and 6 and 14 seconds, one more each.
      const ended = Math.floor(Math.log2((Date.now() - began) / 2_000 + 1));
      expect(judged).toBeGreaterThanOrEqual(6);
      expect(judged).toBeLessThanOrEqual(6 + ended);
      const waiting = answers.filter(({ status }) => status === 429);
      expect(waiting).toHaveLength(50 - judged);
      expect(Number(waiting[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await replica.stop();
    }
  });

  it('makes the owner wait, not stay out: a reset by mail ends the wait', async () => {
    const { email } = await auth.person();
    const logIn = (secret: string) => auth.client.post('/v1/auth/login', { email, password: secret });
    for (let guess = 0; guess < 6; guess += 1) await logIn(wrong);
    expect((await logIn(password)).status).toBe(429);
    await auth.client.post('/v1/auth/password/forgot', { email });
    const token = await auth.tokenMailedTo(email, 'Choose a new password');
    const next = 'a fresh new passphrase';
    await auth.client.post('/v1/auth/password/reset', { token, password: next });
    expect((await logIn(next)).status).toBe(200);
  });

  it('waits longer with each guess, and never longer than a quarter of an hour', async () => {
    const { email } = await auth.person();
    await auth.admin.query("DELETE FROM auth_schema.attempt_counters WHERE key LIKE 'login:%'");
    const waits: number[] = [];
    for (let guess = 0; guess < 18; guess += 1) {
      await auth.client.post('/v1/auth/login', { email, password: wrong });
      const { rows } = await auth.admin.query(
        `UPDATE auth_schema.attempt_counters SET blocked_to = NULL WHERE key LIKE 'login:%' AND blocked_to > now()
         RETURNING (SELECT extract(epoch FROM old.blocked_to - now())::float AS wait FROM auth_schema.attempt_counters old
                     WHERE old.key = attempt_counters.key)`,
      );
      waits.push(Math.round(Math.max(0, ...rows.map(({ wait }) => wait))));
    }
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    // Between the guess and the look at its wait some of it may pass.
    for (const [index, wait] of waits.slice(6, 14).entries()) {
      expect(wait).toBeGreaterThan((waits[index + 5] ?? 0) * 1.5);
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(900);
    expect(waits.at(-1)).toBeGreaterThan(800);
  });

  it.each(['password/forgot', 'verify-email/resend', 'signup'])(
    'limits the mails that %s sends to one address, whether it has an account or not',
    async (way) => {
      const few = await Auth.start({ RATE_LIMIT_FACTOR: '1', SIGN_UP: 'confirmed' });
      try {
        const body = { email: 'flooded@example.com', ...(way === 'signup' && { password }) };
        const statuses: number[] = [];
        for (let mail = 0; mail < 6; mail += 1) {
          statuses.push((await few.client.post(`/v1/auth/${way}`, body)).status);
        }
        expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
      } finally {
        await few.stop();
      }
    },
  );

  it('keeps nobody from a reset by asking for other mails, nor from another once the link was used', async () => {
    const few = await Auth.start({ RATE_LIMIT_FACTOR: '1' });
    try {
      const { email } = await few.person();
      const ask = async (way: string) => (await few.client.post(`/v1/auth/${way}`, { email })).status;
      for (let mail = 0; mail < 6; mail += 1) await ask('verify-email/resend');
      expect(await ask('verify-email/resend')).toBe(429);
      const asked: number[] = [];
      for (let mail = 0; mail < 6; mail += 1) asked.push(await ask('password/forgot'));
      expect(asked).toEqual([202, 202, 202, 202, 202, 429]);
      await eventually(async () => {
        const { rowCount } = await few.admin.query(
          "SELECT FROM auth_schema.mails WHERE template = 'resetPassword' AND sent_at IS NOT NULL",
        );
        expect(rowCount).toBe(5);
      });
      const token = await few.tokenMailedTo(email, 'Choose a new password');
      expect((await few.client.post('/v1/auth/password/reset', { token, password })).status).toBe(204);
      expect(await ask('password/forgot')).toBe(202);
    } finally {
      await few.stop();
    }
  });

  it('says the same about a wrong password and about nobody', async () => {
    const { email } = await auth.person();
    const known = await auth.client.post('/v1/auth/login', { email, password: wrong });
    const unknown = await auth.client.post('/v1/auth/login', {
      email: 'nobody@example.com',
      password: wrong,
    });
    const shape = ({ status, body, headers }: typeof known) => [
      status,
      { ...body, requestId: '' },
      [...headers.keys()].filter((name) => !name.startsWith('ratelimit')).sort(),
      headers.get('content-length'),
    ];
    expect(shape(unknown)).toEqual(shape(known));
  });
});

describe('hashing', () => {
  it('is refused beyond what can wait, while everything else is answered', async () => {
    const auth = await Auth.start({ HASH_CONCURRENCY: '1' });
    try {
      const { accessToken } = await auth.person();
      const logIns = Promise.all(
        Array.from({ length: 120 }, (_, n) =>
          auth.client.post('/v1/auth/login', { email: `storm${n}@example.com`, password }),
        ),
      );
      expect((await auth.client.get('/v1/users/me', accessToken)).status).toBe(200);
      const answers = await logIns;
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
      const refused = answers.find(({ status }) => status === 503);
      expect(refused?.body.code).toBe('busy');
      expect(refused?.headers.get('retry-after')).toBe('1');
    } finally {
      await auth.stop();
    }
  });
});

describe('limits', () => {
  it('are shared by replicas and told in headers', async () => {
    const auth = await Auth.start({ RATE_LIMIT_FACTOR: '1' });
    const replica = await auth.startReplica();
    try {
      const forgot = (url: string, n: number) =>
        fetch(`${url}/v1/auth/password/forgot`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: `limit${n}@example.com` }),
        });
      const urls = [auth.service.url, replica.url];
      const answers = await Promise.all(
        Array.from({ length: 14 }, (_, index) => forgot(urls[index % 2] ?? '', index)),
      );
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.headers.get('ratelimit-policy')).toBe('"forgot";q=10;w=60');
      expect(refused?.headers.get('ratelimit')).toMatch(/^"forgot";r=0;t=\d+$/);
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await replica.stop();
      await auth.stop();
    }
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('count %s as %s', (address, client) => {
    expect(clientOf(address)).toBe(client);
  });
});
