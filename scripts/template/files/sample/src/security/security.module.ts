import { AccessGuard, AccessTokens, remoteKeys } from '@bw/service-kit/security';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { SampleConfig } from '../config.js';

/**
 * Access tokens are believed by auth's keys, without asking auth about each. One whose session has ended stays valid
 * for its last minutes; post/src/events shows how to hear of that at once.
 */
@Global()
@Module({
  providers: [
    {
      provide: AccessTokens,
      inject: [SampleConfig],
      useFactory: (config: SampleConfig) =>
        new AccessTokens({
          issuer: config.TOKEN_ISSUER,
          audience: 'sample',
          keys: remoteKeys(new URL(config.AUTH_JWKS_URL)),
        }),
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessTokens],
})
export class SecurityModule {}
