import { ServiceError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { OneTimeTokensService } from '../accounts/one-time-tokens.service.js';
import { PasswordsService } from '../accounts/passwords.service.js';
import { AuditService } from '../audit/audit.service.js';
import { AuthConfig } from '../config/index.js';
import { PrismaService } from '../database/index.js';
import { UsersService } from '../users/users.service.js';

/** How the first administrator comes to be: by somebody who can run commands, with a password nobody else has seen. */
@Injectable()
export class AdministratorsService {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: OneTimeTokensService,
    private readonly passwords: PasswordsService,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly config: AuthConfig,
  ) {}

  async create(address: string): Promise<{ token: string; link: string }> {
    const email = address.trim().toLowerCase();
    if (!isEmail(email)) throw new ServiceError(400, 'invalid_input', `${address} is not an email address.`);
    return this.prisma.$transaction(async (transaction) => {
      const found = await this.users.findByEmail(email, transaction);
      if (found && !found.isVerified)
        await this.passwords.reclaim(found.id, 'administrator_created', transaction);
      const user = found
        ? await this.users.update(found.id, { role: 'ADMIN' }, transaction)
        : await this.users.create({ email, role: 'ADMIN', isVerified: true }, transaction);
      const token = await this.tokens.issue(
        { userId: user.id, purpose: 'RESET_PASSWORD', email },
        transaction,
      );
      await this.audit.record(transaction, 'administrator_created', { subjectId: user.id });
      return { token, link: `${this.config.PUBLIC_URL}/reset-password?token=${token}` };
    });
  }
}
