import { ForbiddenError } from '@bw/service-kit/errors';
import { decodeCursor, encodeCursor, type Page, toPage } from '@bw/service-kit/paging';
import type { Principal } from '@bw/service-kit/security';
import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';
import { type AuditAction, AuditService } from '../audit/audit.service.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { type EventType, OutgoingEventsService } from '../events/outgoing-events.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ownAdministrator, userNotFound } from '../users/users.errors.js';
import { UsersService } from '../users/users.service.js';
import {
  type ManagedUser,
  type ManagedUserRecord,
  toManagedUser,
  type UserChange,
  type UserSearch,
} from './administration.dto.js';
import { ManagedUsersRepository } from './managed-users.repository.js';

interface Deed {
  readonly action: AuditAction;
  readonly type: EventType;
  readonly change: { role?: 'USER' | 'ADMIN'; bannedAt?: Date | null; deletedAt?: Date | null };
  readonly endsSessions: boolean;
}

@Injectable()
export class AdministrationService {
  constructor(
    private readonly managed: ManagedUsersRepository,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly events: OutgoingEventsService,
  ) {}

  async search({ limit, cursor, ...filter }: UserSearch): Promise<Page<ManagedUser>> {
    const scope = ['users', filter];
    const after = cursor === undefined ? undefined : decodeCursor(scope, cursor, isUuid);
    const rows = await this.managed.search(filter, limit + 1, after);
    return toPage(rows, limit, { item: toManagedUser, cursor: (last) => encodeCursor(scope, last.id) });
  }

  async get(id: string): Promise<ManagedUser> {
    const user = await this.users.findById(id);
    if (!user) throw userNotFound();
    return toManagedUser(user);
  }

  async change(caller: Principal, id: string, { role, isBanned }: UserChange): Promise<ManagedUser> {
    refuseOnOneself(caller, id);
    return this.prisma.$transaction(async (transaction) => {
      let user = await this.lockExisting(caller, id, transaction);
      if (user.deletedAt) throw userNotFound();
      if (role && role !== user.role) user = await this.perform(caller, user, roleChange(role), transaction);
      if (isBanned === undefined || isBanned === Boolean(user.bannedAt)) return toManagedUser(user);
      return toManagedUser(await this.perform(caller, user, isBanned ? ban() : unban, transaction));
    });
  }

  async remove(caller: Principal, id: string): Promise<void> {
    refuseOnOneself(caller, id);
    await this.prisma.$transaction(async (transaction) => {
      const user = await this.lockExisting(caller, id, transaction);
      if (user.deletedAt) throw userNotFound();
      await this.perform(caller, user, removal(), transaction);
    });
  }

  /** Fails with a conflict where the address has been taken since. */
  async restore(caller: Principal, id: string): Promise<ManagedUser> {
    return this.prisma.$transaction(async (transaction) => {
      const user = await this.lockExisting(caller, id, transaction);
      if (!user.deletedAt) return toManagedUser(user);
      return toManagedUser(await this.perform(caller, user, restoration, transaction));
    });
  }

  async endSessions(caller: Principal, id: string): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      const user = await this.lockExisting(caller, id, transaction);
      const deed: Deed = {
        action: 'all_sessions_ended',
        type: 'SESSIONS_ENDED',
        change: {},
        endsSessions: true,
      };
      await this.perform(caller, user, deed, transaction);
    });
  }

  /** The change, the end of the sessions, the record and the news of it, all or nothing. */
  private async perform(
    caller: Principal,
    user: { id: string },
    { action, type, change, endsSessions }: Deed,
    transaction: Transaction,
  ): Promise<ManagedUserRecord> {
    const changed = await this.users.update(user.id, change, transaction);
    const endedSessionIds = endsSessions ? await this.sessions.end(transaction, user.id, action) : [];
    const details: Record<string, string> = change.role ? { role: change.role } : {};
    await this.audit.record(transaction, action, { actorId: caller.userId, subjectId: user.id, details });
    await this.events.append(transaction, {
      userId: user.id,
      type,
      endedSessionIds,
    });
    return changed;
  }

  /**
   * Who acts is locked, too, and must still be an administrator: of two who remove each other at once, one is left. In
   * one order, so that they do not wait for each other.
   */
  private async lockExisting(
    { userId }: Principal,
    id: string,
    transaction: Transaction,
  ): Promise<ManagedUserRecord> {
    const locked = new Map<string, ManagedUserRecord | null>();
    for (const each of [userId, id].sort()) locked.set(each, await this.users.lock(each, transaction));
    const actor = locked.get(userId);
    if (actor?.role !== 'ADMIN' || actor.deletedAt || actor.bannedAt) throw new ForbiddenError();
    const user = locked.get(id);
    if (!user) throw userNotFound();
    return user;
  }
}

const roleChange = (role: 'USER' | 'ADMIN'): Deed => ({
  action: 'role_changed',
  type: 'UPDATED',
  change: { role },
  endsSessions: true,
});
const ban = (): Deed => ({
  action: 'user_banned',
  type: 'BANNED',
  change: { bannedAt: new Date() },
  endsSessions: true,
});
const unban: Deed = {
  action: 'user_unbanned',
  type: 'UNBANNED',
  change: { bannedAt: null },
  endsSessions: false,
};
const removal = (): Deed => ({
  action: 'user_deleted',
  type: 'DELETED',
  change: { deletedAt: new Date() },
  endsSessions: true,
});
const restoration: Deed = {
  action: 'user_restored',
  type: 'RESTORED',
  change: { deletedAt: null },
  endsSessions: false,
};

/** So that there is always an administrator left: the one who acts. */
function refuseOnOneself(caller: Principal, id: string): void {
  if (caller.userId === id) throw ownAdministrator();
}

const isUuid = (key: unknown): key is string => validate(key);
