import { randomUUID } from 'node:crypto';
import { accessTokenType } from '@bw/service-kit/security';
import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { AuthConfig } from '../config/index.js';
import { SigningKeysService } from './signing-keys.service.js';

@Injectable()
export class AccessTokenIssuer {
  private readonly audiences: string[];

  constructor(
    private readonly keys: SigningKeysService,
    private readonly config: AuthConfig,
  ) {
    this.audiences = config.TOKEN_AUDIENCES ?? ['auth', ...config.TRUSTED_SERVICES.keys()];
  }

  async issue(holder: { userId: string; role: string; sessionId: string }): Promise<string> {
    const key = this.keys.current();
    return new SignJWT({ sid: holder.sessionId, role: holder.role })
      .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid: key.id })
      .setIssuer(this.config.TOKEN_ISSUER)
      .setAudience(this.audiences)
      .setSubject(holder.userId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${this.config.ACCESS_TOKEN_LIFETIME}s`)
      .sign(key.privateKey);
  }
}
