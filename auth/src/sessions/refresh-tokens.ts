import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config/index.js';

export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: Buffer;
}

/**
 * `session.secret.mac`. The mac shows without the database that we made the token: what we did not make is refused for
 * nothing, and what we made but is not the live one has been used before. Each secret follows from the one before, so
 * a refresh repeated because its answer got lost gives the same token again. The database knows digests only.
 */
@Injectable()
export class RefreshTokens {
  private readonly macKey: Buffer;
  private readonly chainKey: Buffer;

  constructor(config: AuthConfig) {
    this.macKey = derive(config.TOKEN_SECRET, 'refresh token mac');
    this.chainKey = derive(config.TOKEN_SECRET, 'refresh token chain');
  }

  first(sessionId: string): RefreshToken {
    return { sessionId, secret: randomBytes(32) };
  }

  next({ sessionId, secret }: RefreshToken): RefreshToken {
    return {
      sessionId,
      secret: createHmac('sha256', this.chainKey).update(sessionId).update(secret).digest(),
    };
  }

  digest({ secret }: RefreshToken): Buffer {
    return createHash('sha256').update(secret).digest();
  }

  write(token: RefreshToken): string {
    return [token.sessionId, token.secret.toString('base64url'), this.mac(token).toString('base64url')].join(
      '.',
    );
  }

  /** Undefined for what this service did not make. */
  read(text: string): RefreshToken | undefined {
    const [sessionId = '', secret = '', mac = ''] = text.split('.');
    const token = { sessionId, secret: Buffer.from(secret, 'base64url') };
    const given = Buffer.from(mac, 'base64url');
    const made = this.mac(token);
    return given.length === made.length && timingSafeEqual(given, made) ? token : undefined;
  }

  private mac({ sessionId, secret }: RefreshToken): Buffer {
    return createHmac('sha256', this.macKey)
      .update(sessionId)
      .update('.')
      .update(secret)
      .digest()
      .subarray(0, 16);
  }
}

const derive = (key: Buffer, purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
