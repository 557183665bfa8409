import { Log } from '@bw/service-kit/logging';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { OutgoingEventsService } from '../events/outgoing-events.service.js';
import { LoginGuard } from '../guessing/login-guard.service.js';
import { MailService } from '../mail/mail.service.js';
import { UsersService } from '../users/users.service.js';
import { inBackground } from './in-background.js';
import { OneTimeTokensService } from './one-time-tokens.service.js';
import { PasswordsService } from './passwords.service.js';

/** Which address belongs to whom: shown by a link that only its owner can read. */
@Injectable()
export class EmailsService {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly mail: MailService,
    private readonly guard: LoginGuard,
    private readonly passwords: PasswordsService,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly events: OutgoingEventsService,
    private readonly log: Log,
  ) {}

  async sendVerification(user: { id: string; email: string }, transaction: Transaction): Promise<void> {
    const token = await this.tokens.issue(
      { userId: user.id, purpose: 'VERIFY_EMAIL', email: user.email },
      transaction,
    );
    await this.mail.sendToken(user.email, 'verifyEmail', token, transaction);
  }

  /** Answers before it looks, so that neither the answer nor its time tells whether there is such an account. */
  async resendVerification(email: string): Promise<void> {
    await this.guard.countMail(email, 'verification');
    inBackground(this.log, () =>
      this.prisma.$transaction(async (transaction) => {
        const user = await this.users.lockByEmail(email, transaction);
        if (user && !user.isVerified) await this.sendVerification(user, transaction);
      }),
    );
  }

  /** Confirms the address of a new account, or the new address of an old one. */
  async verify(token: string): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      const { userId, purpose, email } = await this.tokens.use(
        token,
        ['VERIFY_EMAIL', 'CHANGE_EMAIL'],
        transaction,
      );
      await this.users.update(userId, { email, isVerified: true }, transaction);
      // Links that went to the old address are not for whoever reads its mail.
      if (purpose === 'CHANGE_EMAIL') await this.tokens.removeAll(userId, transaction);
      const action = purpose === 'CHANGE_EMAIL' ? 'email_changed' : 'email_verified';
      await this.audit.record(transaction, action, { actorId: userId, subjectId: userId });
      await this.events.append(transaction, { userId, type: 'UPDATED' });
    });
  }

  /** The old address stays until the new one is confirmed, and is told at once. */
  async requestChange(userId: string, request: { email: string; password: string }): Promise<void> {
    const user = await this.passwords.userWith(request.password, userId, 'email_change_refused');
    await this.guard.countMail(request.email, 'addressChange');
    await this.prisma.$transaction(async (transaction) => {
      await this.passwords.assertStill(user, transaction);
      await this.guard.succeeded(user.email, transaction);
      const token = await this.tokens.issue(
        { userId, purpose: 'CHANGE_EMAIL', email: request.email },
        transaction,
      );
      const taken = await this.users.findByEmail(request.email, transaction);
      // Who owns the address is not for the caller to learn, but for the owner to know.
      if (taken) await this.mail.notify(request.email, 'addressTaken', transaction);
      else await this.mail.sendToken(request.email, 'confirmNewAddress', token, transaction);
      await this.mail.notify(user.email, 'addressChangeRequested', transaction);
      await this.audit.record(transaction, 'email_change_requested', { actorId: userId, subjectId: userId });
    });
  }
}
