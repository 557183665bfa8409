import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Database, PrismaService } from '../database/index.js';
import { Prisma, type User } from '../generated/prisma/client.js';
import type { UserRecord } from './users.dto.js';
import { emailTaken } from './users.errors.js';

export interface UserSummaryRow {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly avatar: string | null;
  readonly banned: boolean;
  readonly deleted: boolean;
}

export interface NewUser {
  readonly email: string;
  readonly password?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly isVerified?: boolean;
  readonly role?: 'USER' | 'ADMIN';
}

@Injectable()
export class UsersRepository {
  constructor(
    private readonly prisma: PrismaService,
    private readonly pool: Pool,
  ) {}

  /** Asked at every visit, so it is a prepared statement on the pool itself. */
  async findActive(id: string): Promise<UserRecord | undefined> {
    const { rows } = await this.pool.query<UserRecord>({
      name: 'active-user',
      text: `SELECT id, email, first_name AS "firstName", last_name AS "lastName", avatar,
                    is_verified AS "isVerified", role, created_at AS "createdAt", updated_at AS "updatedAt"
               FROM auth_schema.users WHERE id = $1 AND deleted_at IS NULL AND banned_at IS NULL`,
      values: [id],
    });
    return rows[0];
  }

  findByEmail(email: string, database: Database = this.prisma): Promise<User | null> {
    return database.user.findFirst({ where: { email, deletedAt: null } });
  }

  findById(id: string, database: Database = this.prisma): Promise<User | null> {
    return database.user.findUnique({ where: { id } });
  }

  /** Locks the row, so that what is decided on it still holds when it is written. */
  async lock(id: string, database: Database): Promise<User | null> {
    await database.$executeRaw`SELECT FROM auth_schema.users WHERE id = ${id} FOR UPDATE`;
    return this.findById(id, database);
  }

  /** The same by the address; nobody where it has been changed, or its user deleted, by whoever is waited for. */
  async lockByEmail(email: string, database: Database): Promise<User | null> {
    const [found] = await database.$queryRaw<{ id: string }[]>`
      SELECT id FROM auth_schema.users WHERE email = ${email} AND deleted_at IS NULL FOR UPDATE`;
    return found ? this.findById(found.id, database) : null;
  }

  async create(user: NewUser, database: Database): Promise<User> {
    return refusingTaken(() => database.user.create({ data: user }));
  }

  async update(id: string, change: Prisma.UserUpdateInput, database: Database = this.prisma): Promise<User> {
    return refusingTaken(() => database.user.update({ where: { id }, data: change }));
  }

  async rehash(id: string, { from, to }: { from: string; to: string }): Promise<void> {
    await this.prisma.user.updateMany({ where: { id, password: from }, data: { password: to } });
  }

  async summaries(ids: readonly string[]): Promise<UserSummaryRow[]> {
    const { rows } = await this.pool.query<UserSummaryRow>({
      name: 'user-summaries',
      text: `SELECT id, first_name, last_name, avatar, banned_at IS NOT NULL AS banned, deleted_at IS NOT NULL AS deleted
               FROM auth_schema.users WHERE id = ANY($1)`,
      values: [ids],
    });
    return rows;
  }
}

async function refusingTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') throw emailTaken();
    throw error;
  }
}
