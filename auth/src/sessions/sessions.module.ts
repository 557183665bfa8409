import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ForwardAuthController } from './forward-auth.controller.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [AuditModule, EventsModule, KeysModule],
  controllers: [SessionsController, ForwardAuthController],
  providers: [SessionsService, SessionsRepository, RefreshTokens],
  exports: [SessionsService],
})
export class SessionsModule {}
