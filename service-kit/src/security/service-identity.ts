import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import type { TlsFiles } from '../config/index.js';

const lifetime = 60;
const type = 'service+jwt';

/** A key pair in the form of the two settings. */
export function generateServiceKeys(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

/** Says who is calling: signs a token for one callee that is of no use to another or a minute later. */
export class ServiceIdentity {
  private readonly tokens = new Map<string, { token: string; freshUntil: number }>();

  constructor(
    readonly name: string,
    private readonly privateKey: KeyObject,
    /** Shown to the services called, where calls are encrypted. */
    readonly tls?: TlsFiles,
  ) {}

  async tokenFor(callee: string): Promise<string> {
    const kept = this.tokens.get(callee);
    if (kept && kept.freshUntil > Date.now()) return kept.token;
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', typ: type })
      .setIssuer(this.name)
      .setAudience(callee)
      .setIssuedAt()
      .setJti(randomUUID())
      .setExpirationTime(`${lifetime}s`)
      .sign(this.privateKey);
    this.tokens.set(callee, { token, freshUntil: Date.now() + (lifetime / 2) * 1_000 });
    return token;
  }
}

/** The name of the service that signed the token; throws when it is not a trusted one or not meant for `callee`. */
export async function verifyService(
  token: string,
  options: { callee: string; trusted: ReadonlyMap<string, KeyObject> },
): Promise<string> {
  const claimed = decodeJwt(token).iss ?? 'nobody';
  const key = options.trusted.get(claimed);
  if (!key) throw new Error(`${claimed} is not a trusted service`);
  await jwtVerify(token, key, {
    algorithms: ['EdDSA'],
    typ: type,
    issuer: claimed,
    audience: options.callee,
    maxTokenAge: lifetime,
    clockTolerance: 5,
    requiredClaims: ['exp', 'jti'],
  });
  return claimed;
}
