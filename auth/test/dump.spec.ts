import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Auth, password } from './support/auth.js';

describe('a dump of the database', () => {
  let auth: Auth;
  let stored: string[];
  beforeAll(async () => {
    // Mails cannot be sent, so their links still wait in the dump.
    auth = await Auth.start({ MAIL_URL: 'smtp://127.0.0.1:9' });
    const { email } = await auth.person();
    const { body } = await auth.client.post('/v1/auth/login', { email, password });
    await auth.client.post('/v1/auth/refresh', { refreshToken: body.refreshToken });
    await auth.client.post('/v1/auth/password/forgot', { email });
    const admin = await auth.administrator();
    await auth.client.post(
      '/v1/integrations',
      { name: 'Partner', kind: 'FIREBASE', audience: 'partner', withSecret: true },
      admin.accessToken,
    );
    stored = await dump();
  });
  afterAll(() => auth.stop());

  /** Every value of every row, bytes in each encoding that a token might have. */
  async function dump(): Promise<string[]> {
    const { rows: tables } = await auth.admin.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'auth_schema'`,
    );
    const values: unknown[] = [];
    for (const { name } of tables) {
      const { rows } = await auth.admin.query(`SELECT * FROM auth_schema."${name}"`);
      values.push(...rows.flatMap((row) => Object.values(row)));
    }
    const texts = values.flatMap((value) =>
      Buffer.isBuffer(value)
        ? (['hex', 'base64', 'base64url'] as const).map((encoding) => value.toString(encoding))
        : [typeof value === 'string' ? value : JSON.stringify(value)],
    );
    return [...new Set(texts)].filter((text) => text && text.length <= 500);
  }

  it('holds what it should, so that the tests below mean something', () => {
    expect(stored.filter((value) => value.startsWith('$argon2id$'))).toHaveLength(2);
    expect(stored.length).toBeGreaterThan(50);
    expect(stored).not.toContain(password);
  });

  it.each([
    ['as a refresh token', (value: string) => auth.client.post('/v1/auth/refresh', { refreshToken: value })],
    [
      'as an access token',
      (value: string) => auth.client.get('/v1/auth/verify', value.replace(/[^\w.-]/g, '_')),
    ],
    [
      'as the link of a verification',
      (value: string) => auth.client.post('/v1/auth/verify-email', { token: value }),
    ],
  ])('opens nothing %s', async (_, attempt) => {
    const statuses = await Promise.all(stored.map(async (value) => (await attempt(value)).status));
    expect(statuses.filter((status) => status < 400)).toEqual([]);
  });

  it('opens nothing as a refresh token put together of what is stored for a session', async () => {
    const { rows } = await auth.admin.query(
      'SELECT id, token_digest, parent_digest FROM auth_schema.sessions',
    );
    for (const { id, token_digest: live, parent_digest: parent } of rows) {
      const digests = [live, parent ?? live].map((digest: Buffer) => digest.toString('base64url'));
      for (const mac of [...digests, digests[0]?.slice(0, 22)]) {
        const answer = await auth.client.post('/v1/auth/refresh', {
          refreshToken: `${id}.${digests[0]}.${mac}`,
        });
        expect(answer.status).toBe(401);
      }
    }
  });

  it('opens nothing as a password, nor as the secret of a partner', async () => {
    const { rows } = await auth.admin.query('SELECT email, password FROM auth_schema.users');
    for (const { email, password: hash } of rows) {
      expect((await auth.client.post('/v1/auth/login', { email, password: hash })).status).toBe(401);
    }
    const { rows: partners } = await auth.admin.query(
      'SELECT client_secret FROM auth_schema.third_party_integrations',
    );
    expect(partners[0].client_secret).toMatch(/^k1\./);
  });
});
