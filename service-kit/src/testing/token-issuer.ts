import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { accessTokenType } from '../security/index.js';

interface Signature {
  readonly expiresIn?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly typ?: string;
}

/** Issues access tokens as auth does, with keys of its own that it publishes on loopback. For tests. */
export class TokenIssuer {
  readonly name = 'auth';
  /** How often somebody has fetched the keys. */
  fetches = 0;

  private constructor(
    private readonly audience: string,
    private readonly server: Server,
    private readonly keys: Awaited<ReturnType<typeof generateKeyPair>>,
  ) {}

  static async start(audience: string): Promise<TokenIssuer> {
    const keys = await generateKeyPair('Ed25519');
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' };
    const server = createServer((_, response) => {
      issuer.fetches += 1;
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    const issuer = new TokenIssuer(audience, server, keys);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return issuer;
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  token(userId: string, claims: Record<string, unknown> = {}, signature: Signature = {}): Promise<string> {
    const {
      expiresIn = '5m',
      issuer = this.name,
      audience = this.audience,
      typ = accessTokenType,
    } = signature;
    return new SignJWT({ sid: `session of ${userId}`, role: 'USER', ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: 'test' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(userId)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(expiresIn)
      .sign(this.keys.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
