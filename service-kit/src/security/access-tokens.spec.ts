import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { AccessTokens, accessTokenType } from './access-tokens.js';
import type { Principal } from './principal.js';
import { remoteKeys, type TokenKeys } from './token-keys.js';

type Key = Awaited<ReturnType<typeof newKey>>;

async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('Ed25519');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' } };
}

const tokenOf = ({ kid, privateKey }: Key) =>
  new SignJWT({ sid: 'session', role: 'USER' })
    .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid })
    .setIssuer('auth')
    .setAudience('post')
    .setSubject('ann')
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey);

describe('access tokens', () => {
  let server: Server;
  let published: Key[];
  let fetches: number;
  let verifications: number;
  let oldKey: Key;
  let newerKey: Key;

  beforeAll(async () => {
    [oldKey, newerKey] = [await newKey('old'), await newKey('new')];
    server = createServer((_, response) => {
      fetches += 1;
      response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => new Promise((closed) => server.close(closed)));
  beforeEach(() => {
    published = [oldKey];
    fetches = 0;
    verifications = 0;
  });

  /** Counts how often a key is asked for: once for each signature that is verified. */
  const counted = (keys: TokenKeys): TokenKeys => ({
    find: (header, token) => {
      verifications += 1;
      return keys.find(header, token);
    },
    get version() {
      return keys.version;
    },
  });
  const fromServer = (refetchAfter?: number) => {
    const { port } = server.address() as AddressInfo;
    return counted(remoteKeys(new URL(`http://127.0.0.1:${port}`), refetchAfter));
  };
  const verifier = (keys: TokenKeys, isRevoked?: (principal: Principal) => boolean) =>
    new AccessTokens({ issuer: 'auth', audience: 'post', keys, ...(isRevoked && { isRevoked }) });
  const refused = { code: 'invalid_token' };
  /** The keys are fetched in the background, and with the first ones known nothing more is expected of them. */
  const settled = async (tokens: AccessTokens, token: string) => {
    await tokens.verify(token);
    await wait(50);
    await tokens.verify(token);
    verifications = 0;
  };

  it('are verified once, and looked up from then on', async () => {
    const tokens = verifier(fromServer());
    const token = await tokenOf(oldKey);
    await settled(tokens, token);
    for (let i = 0; i < 5; i++) expect(await tokens.verify(token)).toMatchObject({ userId: 'ann' });
    expect(verifications).toBe(0);
    expect(fetches).toBe(1);
  });

  it('are not to be found in the memory that remembers them', async () => {
    const tokens = verifier(fromServer());
    const token = await tokenOf(oldKey);
    await tokens.verify(token);
    const [, , signature = ''] = token.split('.');
    const keys = [...(tokens as unknown as { verified: Map<string, Principal> }).verified.keys()];
    expect(keys).toHaveLength(1);
    expect(keys.join()).not.toContain(signature);
  });

  it('are refused when they expire, though remembered', async () => {
    const tokens = verifier(fromServer());
    const token = await tokenOf(oldKey);
    const { expiresAt } = await tokens.verify(token);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(expiresAt * 1_000);
    try {
      await expect(tokens.verify(token)).rejects.toMatchObject(refused);
    } finally {
      clock.mockRestore();
    }
  });

  it('are refused as soon as their session has ended, though remembered', async () => {
    let ended = false;
    const tokens = verifier(fromServer(), () => ended);
    const token = await tokenOf(oldKey);
    await tokens.verify(token);
    ended = true;
    await expect(tokens.verify(token)).rejects.toMatchObject(refused);
  });

  it('are refused when their key is withdrawn, though remembered; those of the new key are not', async () => {
    const tokens = verifier(fromServer(0));
    const token = await tokenOf(oldKey);
    await settled(tokens, token);
    published = [newerKey];
    let outcome: unknown;
    for (let i = 0; i < 200 && !outcome; i++) {
      outcome = await tokens.verify(token).then(
        () => undefined,
        (error: unknown) => error,
      );
      await wait(20);
    }
    expect(outcome).toMatchObject(refused);
    expect(await tokens.verify(await tokenOf(newerKey))).toMatchObject({ userId: 'ann' });
  });

  it('of a key not seen yet are verified by fetching it', async () => {
    const tokens = verifier(fromServer());
    published = [oldKey, newerKey];
    expect(await tokens.verify(await tokenOf(newerKey))).toMatchObject({ userId: 'ann' });
  });

  it('stay good while nobody publishes the keys any more', async () => {
    const gone = createServer((_, response) => response.end(JSON.stringify({ keys: [oldKey.jwk] })));
    await new Promise<void>((listening) => gone.listen(0, '127.0.0.1', listening));
    const { port } = gone.address() as AddressInfo;
    const tokens = verifier(remoteKeys(new URL(`http://127.0.0.1:${port}`), 0));
    const token = await tokenOf(oldKey);
    await tokens.verify(token);
    gone.closeAllConnections();
    await new Promise((closed) => gone.close(closed));
    for (let i = 0; i < 3; i++) {
      expect(await tokens.verify(token)).toMatchObject({ userId: 'ann' });
      expect(await tokens.verify(await tokenOf(oldKey))).toMatchObject({ userId: 'ann' });
    }
  });

  it('cannot be judged without any keys: that is no refusal', async () => {
    const tokens = verifier(remoteKeys(new URL('http://127.0.0.1:1')));
    await expect(tokens.verify(await tokenOf(oldKey))).rejects.toMatchObject({ status: 503 });
  });
});
