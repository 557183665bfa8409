import { currentContext } from '@bw/service-kit/context';
import { UnauthenticatedError } from '@bw/service-kit/errors';
import { Log } from '@bw/service-kit/logging';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { AuthConfig } from '../config/index.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { OutgoingEventsService } from '../events/outgoing-events.service.js';
import { LoginGuard } from '../guessing/login-guard.service.js';
import { MailService } from '../mail/mail.service.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import type { SignedInUser } from '../sessions/sessions.dto.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { toUser } from '../users/users.dto.js';
import { ownAdministrator, userNotFound } from '../users/users.errors.js';
import { type NewUser, UsersService } from '../users/users.service.js';
import type { LogInRequest, SignUpRequest } from './accounts.dto.js';
import { EmailsService } from './emails.service.js';
import { inBackground } from './in-background.js';
import { type Candidate, LogInsRepository } from './log-ins.repository.js';
import { PasswordsService } from './passwords.service.js';

@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersService,
    private readonly logIns: LogInsRepository,
    private readonly sessions: SessionsService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly guard: LoginGuard,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly events: OutgoingEventsService,
    private readonly mail: MailService,
    private readonly emails: EmailsService,
    private readonly passwords: PasswordsService,
    private readonly log: Log,
    private readonly config: AuthConfig,
  ) {}

  /** Nothing to answer where sign-ups are confirmed by mail: a taken address must look like a free one. */
  async signUp(request: SignUpRequest): Promise<SignedInUser | undefined> {
    await this.policy.assertAcceptable(request.password, '/password', request.email);
    if (this.config.SIGN_UP === 'confirmed') await this.guard.countMail(request.email, 'signUp');
    const newUser = { ...request, password: await this.hasher.hash(request.password) };
    if (this.config.SIGN_UP === 'immediate') {
      return this.prisma.$transaction(async (transaction) => {
        const user = await this.create(newUser, transaction);
        const tokens = await this.sessions.start(user, transaction);
        return tokens && { user: toUser(user), ...tokens };
      });
    }
    inBackground(this.log, () => this.signUpUnseen(newUser));
    return undefined;
  }

  /** What comes of it is told by mail alone, so that neither the answer nor its time tells it. */
  private async signUpUnseen(newUser: NewUser): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      const known = await this.users.lockByEmail(newUser.email, transaction);
      if (!known) await this.create(newUser, transaction);
      else if (known.isVerified) await this.mail.notify(newUser.email, 'addressTaken', transaction);
      else await this.passwords.letOwnerChoose(known, transaction);
    });
  }

  /** One answer and the same work whether the address is unknown, the password wrong or the user banned. */
  async logIn({ email, password }: LogInRequest): Promise<SignedInUser> {
    await this.guard.startTry(email);
    const user = await this.logIns.find(email);
    const matches = await this.hasher.verify(password, user?.password);
    const isAllowed = user && matches && this.maySignIn(user);
    const signedIn = isAllowed ? await this.signIn(user, password) : undefined;
    if (signedIn) return signedIn;
    await this.audit.record(this.prisma, 'login_failed', { subjectId: user?.id });
    throw new UnauthenticatedError('invalid_credentials', 'The address or the password is wrong.');
  }

  /** Undefined where a ban, a deletion or a new password came between the check of the password and this. */
  private async signIn(user: Candidate, given: string): Promise<SignedInUser | undefined> {
    const password = await this.upToDate(user, given);
    const logIn = {
      counter: this.guard.counterOf(user.email),
      requestId: currentContext()?.requestId,
    };
    const tokens = await this.sessions.startBy(
      (session, transaction) => this.logIns.add(session, logIn, transaction),
      { id: user.id, password },
    );
    return tokens && { user: toUser(user), ...tokens };
  }

  /** The user's hash, made anew where it is of an older kind. */
  private async upToDate({ id, password }: Candidate, given: string): Promise<string | null> {
    if (password === null || !this.hasher.isOutdated(password)) return password;
    const renewed = await this.hasher.hash(given);
    await this.users.rehash(id, { from: password, to: renewed });
    return renewed;
  }

  /** Administrators are removed by another one, so that one is always left. */
  async remove(userId: string): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      const user = await this.users.lock(userId, transaction);
      if (!user || user.deletedAt) throw userNotFound();
      if (user.role === 'ADMIN') throw ownAdministrator();
      await this.users.update(userId, { deletedAt: new Date() }, transaction);
      const endedSessionIds = await this.sessions.end(transaction, userId, 'user_deleted');
      await this.mail.notify(user.email, 'accountDeleted', transaction);
      await this.audit.record(transaction, 'user_deleted', { actorId: userId, subjectId: userId });
      await this.events.append(transaction, { userId, type: 'DELETED', endedSessionIds });
    });
  }

  private async create(newUser: NewUser, transaction: Transaction) {
    const user = await this.users.create(newUser, transaction);
    await this.emails.sendVerification(user, transaction);
    await this.audit.record(transaction, 'signed_up', { actorId: user.id, subjectId: user.id });
    return user;
  }

  private maySignIn(user: { bannedAt: Date | null; isVerified: boolean }): boolean {
    return !user.bannedAt && (user.isVerified || this.config.SIGN_UP === 'immediate');
  }
}
