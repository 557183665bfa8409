import { UnauthenticatedError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { type Database, PrismaService } from '../database/index.js';
import { OutgoingEventsService } from '../events/outgoing-events.service.js';
import { type ProfileChange, toUser, type User } from './users.dto.js';
import { type NewUser, UsersRepository } from './users.repository.js';

export type { NewUser, UserSummaryRow } from './users.repository.js';

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly events: OutgoingEventsService,
  ) {}

  async profile(id: string): Promise<User> {
    const user = await this.users.findActive(id);
    if (!user) throw new UnauthenticatedError('account_gone', 'This account is not active any more.');
    return toUser(user);
  }

  async changeProfile(id: string, change: ProfileChange): Promise<User> {
    await this.profile(id);
    return this.prisma.$transaction(async (transaction) => {
      const user = await this.users.update(id, change, transaction);
      await this.audit.record(transaction, 'user_updated', { actorId: id, subjectId: id });
      await this.events.append(transaction, { userId: id, type: 'UPDATED' });
      return toUser(user);
    });
  }

  findByEmail(email: string, database?: Database) {
    return this.users.findByEmail(email, database);
  }

  findById(id: string, database?: Database) {
    return this.users.findById(id, database);
  }

  lock(id: string, database: Database) {
    return this.users.lock(id, database);
  }

  lockByEmail(email: string, database: Database) {
    return this.users.lockByEmail(email, database);
  }

  create(user: NewUser, database: Database) {
    return this.users.create(user, database);
  }

  update(id: string, change: Parameters<UsersRepository['update']>[1], database?: Database) {
    return this.users.update(id, change, database);
  }

  /** Another hash of the same password; nothing happens where it has been changed since. */
  rehash(id: string, hashes: { from: string; to: string }): Promise<void> {
    return this.users.rehash(id, hashes);
  }

  summaries(ids: readonly string[]) {
    return this.users.summaries(ids);
  }
}
