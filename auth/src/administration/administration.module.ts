import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdministrationController } from './administration.controller.js';
import { AdministrationService } from './administration.service.js';
import { AdministratorsService } from './administrators.service.js';
import { ManagedUsersRepository } from './managed-users.repository.js';

@Module({
  imports: [AuditModule, AccountsModule, UsersModule, SessionsModule, EventsModule],
  controllers: [AdministrationController],
  providers: [AdministrationService, AdministratorsService, ManagedUsersRepository],
})
export class AdministrationModule {}
