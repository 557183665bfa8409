import { UnauthenticatedError } from '@bw/service-kit/errors';
import { Log } from '@bw/service-kit/logging';
import type { Principal } from '@bw/service-kit/security';
import { Injectable } from '@nestjs/common';
import { type AuditAction, AuditService } from '../audit/audit.service.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { OutgoingEventsService } from '../events/outgoing-events.service.js';
import { LoginGuard } from '../guessing/login-guard.service.js';
import { MailService } from '../mail/mail.service.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import type { PasswordChange, PasswordReset } from './accounts.dto.js';
import { inBackground } from './in-background.js';
import { OneTimeTokensService } from './one-time-tokens.service.js';

interface UserWithPassword {
  readonly id: string;
  readonly email: string;
  readonly password: string | null;
}

@Injectable()
export class PasswordsService {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly sessions: SessionsService,
    private readonly mail: MailService,
    private readonly guard: LoginGuard,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly events: OutgoingEventsService,
    private readonly log: Log,
  ) {}

  /** Answers before it looks, so that neither the answer nor its time tells whether there is such an account. */
  async forgot(email: string): Promise<void> {
    await this.guard.countMail(email, 'reset');
    inBackground(this.log, () =>
      this.prisma.$transaction(async (transaction) => {
        const user = await this.users.lockByEmail(email, transaction);
        if (user && !user.bannedAt) await this.sendLink(user, 'resetPassword', transaction);
      }),
    );
  }

  /** Whoever can read the mail owns the account: every session ends, and waiting after wrong guesses too. */
  async reset({ token, password }: PasswordReset): Promise<void> {
    const hash = await this.hasher.hash(password);
    await this.prisma.$transaction(async (transaction) => {
      const { userId, email } = await this.tokens.use(token, ['RESET_PASSWORD'], transaction);
      await this.policy.assertAcceptable(password, '/password', email);
      await this.users.update(userId, { password: hash, isVerified: true }, transaction);
      await this.tokens.removeAll(userId, transaction);
      await this.guard.succeeded(email, transaction);
      await this.mail.notify(email, 'passwordChanged', transaction);
      await this.audit.record(transaction, 'password_reset', { actorId: userId, subjectId: userId });
      await this.endSessions(userId, 'password_reset', {}, transaction);
    });
  }

  async change(caller: Principal, request: PasswordChange): Promise<void> {
    const user = await this.userWith(request.currentPassword, caller.userId, 'password_change_refused');
    await this.policy.assertAcceptable(request.newPassword, '/newPassword', user.email);
    const hash = await this.hasher.hash(request.newPassword);
    await this.prisma.$transaction(async (transaction) => {
      await this.assertStill(user, transaction);
      await this.users.update(user.id, { password: hash }, transaction);
      await this.tokens.removeAll(user.id, transaction);
      await this.guard.succeeded(user.email, transaction);
      await this.mail.notify(user.email, 'passwordChanged', transaction);
      await this.audit.record(transaction, 'password_changed', { actorId: user.id, subjectId: user.id });
      if (request.endOtherSessions === false) return;
      await this.endSessions(user.id, 'password_changed', { except: caller.sessionId }, transaction);
    });
  }

  /** The user, if this is the password; guessing it is slowed down as at a log-in, and recorded as `refusal`. */
  async userWith(password: string, userId: string, refusal: AuditAction): Promise<UserWithPassword> {
    const user = await this.users.findById(userId);
    await this.guard.startTry(user?.email ?? userId);
    if (user && (await this.hasher.verify(password, user.password))) return user;
    await this.audit.record(this.prisma, refusal, { actorId: userId, subjectId: userId });
    throw wrongPassword();
  }

  /** Who resets a password wants the old one to open nothing any more, not even what it was just checked for. */
  async assertStill({ id, password }: UserWithPassword, transaction: Transaction): Promise<void> {
    const user = await this.users.lock(id, transaction);
    if (user?.password !== password) throw wrongPassword();
  }

  /** Of several who signed up with one address, none gets in with a password from before its mail was read. */
  async letOwnerChoose(user: UserWithPassword, transaction: Transaction): Promise<void> {
    await this.users.update(user.id, { password: null, firstName: null, lastName: null }, transaction);
    await this.tokens.removeAll(user.id, transaction);
    await this.sendLink(user, 'choosePassword', transaction);
  }

  /** A link to choose a password with. */
  private async sendLink(
    { id, email }: UserWithPassword,
    template: 'resetPassword' | 'choosePassword',
    transaction: Transaction,
  ): Promise<void> {
    const token = await this.tokens.issue({ userId: id, purpose: 'RESET_PASSWORD', email }, transaction);
    await this.mail.sendToken(email, template, token, transaction);
    await this.audit.record(transaction, 'password_reset_requested', { subjectId: id });
  }

  /** Whoever made the account never showed that the address is theirs: password, links and sessions end here. */
  async reclaim(userId: string, because: AuditAction, transaction: Transaction) {
    const user = await this.users.update(userId, { password: null, isVerified: true }, transaction);
    await this.tokens.removeAll(userId, transaction);
    await this.endSessions(userId, because, {}, transaction);
    return user;
  }

  private async endSessions(
    userId: string,
    because: AuditAction,
    which: { except?: string },
    transaction: Transaction,
  ): Promise<void> {
    const endedSessionIds = await this.sessions.end(transaction, userId, because, which);
    await this.events.append(transaction, {
      userId,
      type: 'SESSIONS_ENDED',
      endedSessionIds,
    });
  }
}

const wrongPassword = () => new UnauthenticatedError('invalid_credentials', 'The current password is wrong.');
