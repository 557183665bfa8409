import { ServiceError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { OneTimeTokensService } from '../accounts/one-time-tokens.service.js';
import { PasswordsService } from '../accounts/passwords.service.js';
import { AuditService } from '../audit/audit.service.js';
import { AuthConfig } from '../config/index.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { OutgoingEventsService } from '../events/outgoing-events.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';

const deed = 'administrator_created';

interface Promoted {
  readonly id: string;
  readonly role: 'USER' | 'ADMIN';
  readonly isVerified: boolean;
}

/** How the first administrator comes to be: by somebody who can run commands, with a password nobody else has seen. */
@Injectable()
export class AdministratorsService {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly events: OutgoingEventsService,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly config: AuthConfig,
  ) {}

  async create(address: string): Promise<{ token: string; link: string }> {
    const email = address.trim().toLowerCase();
    if (!isEmail(email)) throw new ServiceError(400, 'invalid_input', `${address} is not an email address.`);
    return this.prisma.$transaction(async (transaction) => {
      const found = await this.users.lockByEmail(email, transaction);
      if (found?.bannedAt) throw new ServiceError(409, 'banned', `${email} is banned: lift the ban first.`);
      const user = found
        ? await this.promote(found, transaction)
        : await this.users.create({ email, role: 'ADMIN', isVerified: true }, transaction);
      const token = await this.tokens.issue(
        { userId: user.id, purpose: 'RESET_PASSWORD', email },
        transaction,
      );
      await this.audit.record(transaction, deed, { subjectId: user.id });
      return { token, link: `${this.config.PUBLIC_URL}/reset-password?token=${token}` };
    });
  }

  /** As with every change of a role, who is signed in has to sign in again to have it. */
  private async promote(user: Promoted, transaction: Transaction) {
    if (!user.isVerified) await this.passwords.reclaim(user.id, deed, transaction);
    if (user.role === 'ADMIN') return user;
    const endedSessionIds = await this.sessions.end(transaction, user.id, deed);
    await this.events.append(transaction, { userId: user.id, type: 'UPDATED', endedSessionIds });
    return this.users.update(user.id, { role: 'ADMIN' }, transaction);
  }
}
