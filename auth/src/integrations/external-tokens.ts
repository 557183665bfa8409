import { UnavailableError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { longestName, printable } from '../validation/decorators.js';
import type { IntegrationRecord } from './integrations.dto.js';
import { fetchJson, isHttps, publishedKeys } from './published-keys.js';

/** What a partner says about its user. */
export interface ExternalUser {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly isEmailVerified: boolean;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
}

const firebaseKeys =
  'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com';
/** OpenID Connect Core 1.0, section 2. */
const longestSubject = 255;
/** Longer than any that can be registered. */
const longestOrigin = 2_000;
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Verifies the ID tokens of partners against the keys that their issuers publish. */
@Injectable()
export class ExternalTokens {
  private readonly keySets = new Map<string, JWTVerifyGetKey>();

  /** Whose the token says it is: not believed, only used to find out whom to ask. */
  claimedOrigin(token: string): { issuer: string; audiences: string[] } | undefined {
    try {
      const { iss, aud } = decodeJwt(token);
      const issuer = text(iss, longestOrigin);
      const audiences = [aud ?? []].flat().map((each) => text(each, longestOrigin));
      return issuer && audiences.every((each) => each !== undefined) ? { issuer, audiences } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Undefined when the token is not a valid one of this partner. */
  async verify(token: string, integration: IntegrationRecord): Promise<ExternalUser | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.keysOf(integration), {
        algorithms: integration.kind === 'FIREBASE' ? ['RS256'] : algorithms,
        issuer: integration.issuer,
        audience: integration.audience,
        requiredClaims: ['sub', 'iat', 'exp'],
        clockTolerance: 5,
        maxTokenAge: '1h',
      });
      if (integration.kind === 'FIREBASE' && !hasAuthenticated(payload)) return undefined;
      return toExternalUser(payload, integration.issuer);
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw new UnavailableError(
        'The issuer of the token cannot be reached at the moment.',
        5,
        'issuer_unavailable',
      );
    }
  }

  private keysOf(integration: IntegrationRecord): JWTVerifyGetKey {
    const where = integration.jwksUri ?? integration.issuer;
    const known = this.keySets.get(where);
    if (known) return known;
    const keys = publishedKeys(async () => addressOf(integration));
    this.keySets.set(where, keys);
    return keys;
  }
}

function addressOf({ kind, issuer, jwksUri }: IntegrationRecord): string | Promise<string> {
  return jwksUri ?? (kind === 'FIREBASE' ? firebaseKeys : discover(issuer));
}

async function discover(issuer: string): Promise<string> {
  const { body } = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!isDiscovery(body) || body.issuer !== issuer) {
    throw new Error('The discovery document is not that of the issuer.');
  }
  if (isHttps(issuer) && !isHttps(body.jwks_uri)) {
    throw new Error('The discovery document sends for the keys without TLS.');
  }
  return body.jwks_uri;
}

function isDiscovery(document: unknown): document is { issuer?: unknown; jwks_uri: string } {
  return (
    typeof document === 'object' &&
    document !== null &&
    'jwks_uri' in document &&
    typeof document.jwks_uri === 'string'
  );
}

/** What Firebase asks for beyond OpenID Connect: the user has signed in, not in the future. */
const hasAuthenticated = ({ auth_time: time }: JWTPayload) =>
  typeof time === 'number' && time <= Date.now() / 1_000 + 5;

function toExternalUser(payload: JWTPayload, issuer: string): ExternalUser | undefined {
  const subject = text(payload.sub, longestSubject);
  if (!subject) return undefined;
  return {
    issuer,
    subject,
    email: address(payload.email),
    isEmailVerified: payload.email_verified === true,
    firstName: text(payload.given_name, longestName),
    lastName: text(payload.family_name, longestName),
  };
}

/** Left out, rather than cut, where it is not what our own forms take. */
const text = (value: unknown, longest: number) =>
  typeof value === 'string' && value.length > 0 && value.length <= longest && printable.test(value)
    ? value
    : undefined;

/** Characters that become others in our spelling would make of one mailbox the address of another. */
function address(value: unknown): string | undefined {
  const email = text(value, 254)?.trim();
  return email && isEmail(email) && email === email.normalize('NFKC') ? email.toLowerCase() : undefined;
}
