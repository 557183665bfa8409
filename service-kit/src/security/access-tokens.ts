import { hash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { UnauthenticatedError, UnavailableError } from '../errors/index.js';
import type { Principal } from './principal.js';
import type { TokenKeys } from './token-keys.js';

export const accessTokenType = 'at+jwt';
const remembered = 10_000;
const longestToken = 4_096;

interface Options {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: TokenKeys;
  /** Asked for every request, remembered token or not: has this session ended, is this user banned? */
  readonly isRevoked?: (principal: Principal) => boolean;
}

/**
 * Verifies access tokens, and remembers the verified ones until they expire or the keys change: a signature costs far
 * more than a look-up. What is remembered is a digest, which is of no use to whoever reads the memory.
 */
export class AccessTokens {
  private readonly verified = new LRUCache<string, Principal>({ max: remembered });
  private version = '';

  constructor(private readonly options: Options) {}

  async verify(token: string): Promise<Principal> {
    return this.recall(token) ?? this.verifySignature(token);
  }

  /** Whom a token that was verified before stands for, without a promise; undefined if it was not. */
  recall(token: string): Principal | undefined {
    if (token.length > longestToken) throw refused();
    this.forgetWithKeys();
    const principal = this.verified.get(digestOf(token));
    return principal && this.unlessEnded(principal, token);
  }

  private forgetWithKeys(): void {
    const { version } = this.options.keys;
    if (version === this.version) return;
    this.verified.clear();
    this.version = version;
  }

  private async verifySignature(token: string): Promise<Principal> {
    const { version } = this;
    const principal = toPrincipal(await this.claimsOf(token));
    if (version === this.version) this.verified.set(digestOf(token), principal);
    return this.unlessEnded(principal, token);
  }

  private unlessEnded(principal: Principal, token: string): Principal {
    const isExpired = principal.expiresAt * 1_000 <= Date.now();
    if (isExpired) this.verified.delete(digestOf(token));
    if (isExpired || this.options.isRevoked?.(principal)) throw refused();
    return principal;
  }

  /** The algorithm, type, issuer and audience are ours to state; the header's `jku` and `jwk` are never read. */
  private async claimsOf(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.options.keys.find, {
        algorithms: ['EdDSA'],
        typ: accessTokenType,
        issuer: this.options.issuer,
        audience: this.options.audience,
        requiredClaims: ['sub', 'sid', 'jti', 'role', 'iat', 'exp'],
      });
      return payload;
    } catch (error) {
      if (isKeyTrouble(error)) throw new UnavailableError('Access tokens cannot be checked at the moment.');
      throw refused();
    }
  }
}

/** A token that cannot be judged because the key set is out of reach is not a bad token. */
function isKeyTrouble(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC';
}

function toPrincipal({ sub, sid, jti, role, iat, exp }: JWTPayload): Principal {
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string') throw refused();
  if (typeof role !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') throw refused();
  return { userId: sub, role, sessionId: sid, tokenId: jti, issuedAt: iat, expiresAt: exp };
}

const digestOf = (token: string) => hash('sha256', token, 'base64url');

const refused = () =>
  new UnauthenticatedError('invalid_token', 'The access token is not valid, or not any more.');
