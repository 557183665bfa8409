import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { ManagedUserRecord, UserSearch } from './administration.dto.js';

type Filter = Omit<UserSearch, 'limit' | 'cursor'>;

@Injectable()
export class ManagedUsersRepository {
  constructor(private readonly pool: Pool) {}

  /** Newest first: ids begin with the time. Only the columns that may be shown are read. */
  async search(filter: Filter, limit: number, after?: string): Promise<ManagedUserRecord[]> {
    const { conditions, values } = conditionsOf(filter, after);
    const { rows } = await this.pool.query<ManagedUserRecord>(
      `SELECT id, email, first_name AS "firstName", last_name AS "lastName", avatar, is_verified AS "isVerified", role,
              banned_at AS "bannedAt", created_at AS "createdAt", updated_at AS "updatedAt", deleted_at AS "deletedAt"
         FROM auth_schema.users WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $1`,
      [limit, ...values],
    );
    return rows;
  }
}

function conditionsOf({ q, role, isVerified, isBanned, isDeleted }: Filter, after?: string) {
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value) + 1}`;
  const conditions = [`deleted_at IS ${isDeleted ? 'NOT NULL' : 'NULL'}`];
  if (after) conditions.push(`id < ${place(after)}`);
  if (role) conditions.push(`role = ${place(role)}::auth_schema.role`);
  if (isVerified !== undefined) conditions.push(`is_verified = ${place(isVerified)}`);
  if (isBanned !== undefined) conditions.push(`banned_at IS ${isBanned ? 'NOT NULL' : 'NULL'}`);
  if (q) {
    const prefix = place(`${escapeLike(q.toLowerCase())}%`);
    conditions.push(
      `(email LIKE ${prefix} OR lower(first_name) LIKE ${prefix} OR lower(last_name) LIKE ${prefix})`,
    );
  }
  return { conditions, values };
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');
