import { AccessGuard, AccessTokens } from '@bw/service-kit/security';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccountsModule } from './accounts/accounts.module.js';
import { AdministrationModule } from './administration/administration.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthConfig } from './config/index.js';
import { CoreModule } from './core.module.js';
import { EndedSessions } from './events/ended-sessions.js';
import { EventsModule } from './events/events.module.js';
import { GuessingModule } from './guessing/guessing.module.js';
import { LimitGuard } from './guessing/limit.guard.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { KeysModule } from './keys/keys.module.js';
import { SigningKeysService } from './keys/signing-keys.service.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { UsersModule } from './users/users.module.js';

@Module({
  imports: [
    CoreModule,
    KeysModule,
    AuditModule,
    EventsModule,
    UsersModule,
    SessionsModule,
    GuessingModule,
    AccountsModule,
    AdministrationModule,
    IntegrationsModule,
    MaintenanceModule,
  ],
  providers: [
    { provide: APP_GUARD, useClass: LimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    {
      provide: AccessTokens,
      inject: [AuthConfig, SigningKeysService, EndedSessions],
      useFactory: (config: AuthConfig, keys: SigningKeysService, ended: EndedSessions) =>
        new AccessTokens({
          issuer: config.TOKEN_ISSUER,
          audience: 'auth',
          keys,
          isRevoked: ({ sessionId }) => ended.has(sessionId),
        }),
    },
  ],
})
export class AppModule {}
