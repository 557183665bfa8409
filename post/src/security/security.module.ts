import { AccessGuard, AccessTokens, remoteKeys } from '@bw/service-kit/security';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PostConfig } from '../config.js';
import { EndedSessions } from './ended-sessions.js';

/** Access tokens are believed by auth's keys, without asking auth about each. */
@Global()
@Module({
  providers: [
    EndedSessions,
    {
      provide: AccessTokens,
      inject: [PostConfig, EndedSessions],
      useFactory: (config: PostConfig, ended: EndedSessions) =>
        new AccessTokens({
          issuer: config.TOKEN_ISSUER,
          audience: 'post',
          keys: remoteKeys(new URL(config.AUTH_JWKS_URL)),
          isRevoked: ({ sessionId }) => ended.has(sessionId),
        }),
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [EndedSessions, AccessTokens],
})
export class SecurityModule {}
