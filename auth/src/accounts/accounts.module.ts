import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { EventsModule } from '../events/events.module.js';
import { GuessingModule } from '../guessing/guessing.module.js';
import { MailModule } from '../mail/mail.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';
import { EmailsService } from './emails.service.js';
import { LogInsRepository } from './log-ins.repository.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { OneTimeTokensService } from './one-time-tokens.service.js';
import { OwnAccountController } from './own-account.controller.js';
import { PasswordsService } from './passwords.service.js';

@Module({
  imports: [
    AuditModule,
    EventsModule,
    MailModule,
    UsersModule,
    SessionsModule,
    PasswordsModule,
    GuessingModule,
  ],
  controllers: [AccountsController, OwnAccountController],
  providers: [
    AccountsService,
    EmailsService,
    LogInsRepository,
    PasswordsService,
    OneTimeTokensService,
    OneTimeTokensRepository,
  ],
  exports: [OneTimeTokensService, PasswordsService],
})
export class AccountsModule {}
