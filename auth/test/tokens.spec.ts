import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, importJWK, SignJWT } from 'jose';
import { SigningKeysService } from '../src/keys/signing-keys.service.js';
import { Auth, eventually } from './support/auth.js';

describe('access tokens', () => {
  let auth: Auth;
  let token: string;
  beforeAll(async () => {
    auth = await Auth.start();
    token = (await auth.person()).accessToken;
  });
  afterAll(() => auth.stop());

  const visit = async (candidate: string) => (await auth.client.get('/v1/auth/verify', candidate)).status;

  it('say who, for which of the services it trusts, by whom, until when and by which key', () => {
    const { iat = 0, exp = 0, ...claims } = decodeJwt(token);
    expect(claims).toEqual({
      iss: 'auth',
      aud: ['auth', 'caller'],
      sub: expect.any(String),
      sid: expect.any(String),
      jti: expect.any(String),
      role: 'USER',
    });
    expect(exp - iat).toBe(300);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
  });

  it('pass a gateway as X-User-Id and X-User-Role', async () => {
    const answer = await auth.client.get('/v1/auth/verify', token);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('x-user-id')).toBe(decodeJwt(token).sub);
    expect(answer.headers.get('x-user-role')).toBe('USER');
  });

  describe('that are forged', () => {
    const foreign = generateKeyPairSync('ed25519').privateKey;
    const forge = (changes: { header?: object; claims?: object; key?: KeyObject }) =>
      new SignJWT({ ...decodeJwt(token), ...changes.claims })
        .setProtectedHeader({
          alg: 'EdDSA',
          typ: 'at+jwt',
          kid: decodeProtectedHeader(token).kid ?? '',
          ...changes.header,
        })
        .sign(changes.key ?? foreign);
    /** Signed by the real key, so that only what is changed can be the reason. */
    const signed = async (changes: { header?: object; claims?: object }) => {
      const { privateKey } = auth.service.app.get(SigningKeysService).current();
      return forge({ ...changes, key: privateKey });
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

    it('are refused: signed by another key with our key id', async () => {
      expect(await visit(await forge({}))).toBe(401);
    });

    it('are refused: unsigned', async () => {
      const claims = part(decodeJwt(token));
      for (const alg of ['none', 'None', 'NONE']) {
        expect(await visit(`${part({ alg, typ: 'at+jwt' })}.${claims}.`)).toBe(401);
      }
    });

    it('are refused: HS256 with the public key as the secret', async () => {
      const { body } = await auth.client.get('/.well-known/jwks.json');
      const key = await importJWK({ ...body.keys[0], kty: 'OKP' }, 'EdDSA');
      const secrets = [
        JSON.stringify(body.keys[0]),
        key instanceof Uint8Array ? '' : JSON.stringify(await exportJWK(key)),
      ];
      for (const secret of secrets) {
        const input = `${part({ alg: 'HS256', typ: 'at+jwt', kid: body.keys[0]?.kid })}.${part(decodeJwt(token))}`;
        const mac = createHmac('sha256', secret).update(input).digest('base64url');
        expect(await visit(`${input}.${mac}`)).toBe(401);
      }
    });

    it('are refused: carrying or pointing at their own key', async () => {
      const jwk = await exportJWK(generateKeyPairSync('ed25519').publicKey);
      for (const header of [
        { jwk },
        { jku: 'http://127.0.0.1:1/keys' },
        { x5u: 'http://127.0.0.1:1/cert' },
        { kid: '../../etc/passwd' },
      ]) {
        expect(await visit(await forge({ header }))).toBe(401);
      }
    });

    it.each([
      ['for another audience', { claims: { aud: 'billing' } }],
      ['by another issuer', { claims: { iss: 'http://evil.example.com' } }],
      ['expired', { claims: { exp: Math.floor(Date.now() / 1_000) - 60 } }],
      ['of another type', { header: { typ: 'JWT' } }],
      ['without a session', { claims: { sid: undefined } }],
      ['with a critical header nobody knows', { header: { crit: ['x'], x: 1 } }],
    ])('are refused even when signed by us: %s', async (_name, changes) => {
      expect(await visit(await signed({}))).toBe(204);
      const candidate = await signed(changes).catch(() => `${token}x`);
      expect(await visit(candidate)).toBe(401);
    });

    it('are refused: a refresh token, nonsense, and too much of it', async () => {
      const { refreshToken } = await auth.person();
      for (const candidate of [
        refreshToken,
        'x.y.z',
        '...',
        `${token.slice(0, -4)}AAAA`,
        'a'.repeat(5_000),
      ]) {
        expect(await visit(candidate)).toBe(401);
      }
    });
  });

  it('stay good while the signing key changes under live traffic, in every replica', async () => {
    const replica = await auth.startReplica();
    const urls = [auth.service.url, replica.url];
    const people = await Promise.all(Array.from({ length: 4 }, () => auth.person()));
    const statuses = new Set<number>();
    const usedKeys = new Set<string | undefined>();
    let isOver = false;
    /** Is seen by both replicas with each token, and asks one of them for the next. */
    const visit = async ({ accessToken, refreshToken }: (typeof people)[number], n: number) => {
      let [bearer, next] = [accessToken, refreshToken];
      while (!isOver) {
        usedKeys.add(decodeProtectedHeader(bearer).kid);
        for (const url of urls) {
          const answer = await fetch(`${url}/v1/users/me`, {
            headers: { authorization: `Bearer ${bearer}` },
          });
          statuses.add(answer.status);
        }
        const refreshed = await fetch(`${urls[n % 2]}/v1/auth/refresh`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ refreshToken: next }),
        });
        ({ accessToken: bearer, refreshToken: next } = JSON.parse(await refreshed.text()));
      }
    };
    const traffic = Promise.all(people.map(visit));
    try {
      const published = async () => (await auth.client.get('/.well-known/jwks.json')).body.keys;
      const before = (await published()).length;
      for (let rotation = 0; rotation < 3; rotation += 1) {
        const key = await auth.service.app.get(SigningKeysService).rotate(0);
        await eventually(async () => expect([...usedKeys]).toContain(key));
      }
      expect(await published()).toHaveLength(before + 3);
    } finally {
      isOver = true;
      await traffic;
      await replica.stop();
    }
    expect([...statuses]).toEqual([200]);
  });

  it('are signed by keys that the database holds encrypted only', async () => {
    const { rows } = await auth.admin.query('SELECT private_key FROM auth_schema.signing_keys');
    for (const { private_key: sealed } of rows) {
      expect(sealed).toMatch(/^k1\.[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('PRIVATE KEY');
    }
  });

  it('are signed, and their keys published, without asking the database for the keys again', async () => {
    const narrow = await Auth.start({ DATABASE_POOL_SIZE: '1' });
    const realNow = Date.now;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 3_600_000);
    try {
      await narrow.admin.query('ALTER TABLE auth_schema.signing_keys RENAME TO moved_keys');
      const { accessToken } = await narrow.person();
      const published = await narrow.client.get('/.well-known/jwks.json');
      expect(published.status).toBe(200);
      expect(published.body.keys.map(({ kid }) => kid)).toEqual([decodeProtectedHeader(accessToken).kid]);
    } finally {
      clock.mockRestore();
      await narrow.admin.query('ALTER TABLE auth_schema.moved_keys RENAME TO signing_keys');
      await narrow.stop();
    }
  });
});
