import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { ExternalTokens } from './external-tokens.js';
import { IdentitiesRepository } from './identities.repository.js';
import { IntegrationsController } from './integrations.controller.js';
import { IntegrationsRepository } from './integrations.repository.js';
import { IntegrationsService } from './integrations.service.js';
import { TokenExchangeController } from './token-exchange.controller.js';
import { TokenExchangeService } from './token-exchange.service.js';

@Module({
  imports: [AccountsModule, AuditModule, UsersModule, SessionsModule],
  controllers: [IntegrationsController, TokenExchangeController],
  providers: [
    IntegrationsService,
    IntegrationsRepository,
    IdentitiesRepository,
    ExternalTokens,
    TokenExchangeService,
  ],
})
export class IntegrationsModule {}
