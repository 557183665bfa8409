import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import type { AuditAction } from '../audit/audit.service.js';
import type { Transaction } from '../database/index.js';
import { type NewSession, sessionsAtOnce } from '../sessions/sessions.service.js';
import type { UserRecord } from '../users/users.dto.js';

export interface Candidate extends UserRecord {
  readonly password: string | null;
  readonly bannedAt: Date | null;
}

interface LogIn {
  /** The counter of tries that this log-in ends. */
  readonly counter: string;
  readonly requestId: string | undefined;
}

interface Row {
  readonly role: string;
}

const action: AuditAction = 'logged_in';

/** What every log-in reads and writes, each in one prepared statement: the processor is needed for the passwords. */
@Injectable()
export class LogInsRepository {
  constructor(private readonly pool: Pool) {}

  async find(email: string): Promise<Candidate | undefined> {
    const { rows } = await this.pool.query<Candidate>({
      name: 'log-in-candidate',
      text: `SELECT id, email, password, first_name AS "firstName", last_name AS "lastName", avatar, role,
                    is_verified AS "isVerified", banned_at AS "bannedAt", created_at AS "createdAt",
                    updated_at AS "updatedAt"
               FROM auth_schema.users WHERE email = $1 AND deleted_at IS NULL`,
      values: [email],
    });
    return rows[0];
  }

  /**
   * The session, the end of the tries' counter and the line in the audit trail, all or nothing. Answers the role, or
   * undefined where a ban, a deletion or a new password came first; `SessionsRepository.create` tells how they wait.
   * Without a transaction, in which the caller can make room, also where the user has as many sessions as allowed.
   */
  async add(
    session: NewSession,
    { counter, requestId }: LogIn,
    transaction?: Transaction,
  ): Promise<string | undefined> {
    const query = {
      name: 'log-in',
      text: `WITH holder AS (
               SELECT id, role FROM auth_schema.users
                WHERE id = $1 AND password = $2 AND deleted_at IS NULL AND banned_at IS NULL
                  AND ($13::boolean OR $14::int > (
                    SELECT count(*) FROM (
                      SELECT FROM auth_schema.sessions
                       WHERE user_id = $1 AND revoked_at IS NULL AND idle_expires_at > now() AND expires_at > now()
                       ORDER BY id DESC LIMIT $14::int) live))
                  FOR NO KEY UPDATE
             ), session AS (
               INSERT INTO auth_schema.sessions
                      (id, user_id, token_digest, user_agent, ip_address, idle_expires_at, expires_at)
               SELECT $3, id, $4, $5, $6, now() + make_interval(secs => $7::int), now() + make_interval(secs => $8::int)
                 FROM holder
             ), counter AS (
               DELETE FROM auth_schema.attempt_counters WHERE key = $9 AND EXISTS (SELECT FROM holder)
             ), event AS (
               INSERT INTO auth_schema.audit_events
                      (id, action, actor_id, subject_id, user_agent, ip_address, request_id)
               SELECT $10, $11, id, id, $5, $6, $12 FROM holder
             )
             SELECT role::text FROM holder`,
      values: [
        session.userId,
        session.password,
        session.id,
        session.tokenDigest,
        session.userAgent,
        session.ipAddress,
        session.idleSeconds,
        session.seconds,
        counter,
        uuid(),
        action,
        requestId ?? null,
        transaction !== undefined,
        sessionsAtOnce,
      ],
    };
    const rows = transaction
      ? await transaction.$queryRawUnsafe<Row[]>(query.text, ...query.values)
      : (await this.pool.query<Row>(query)).rows;
    return rows[0]?.role;
  }
}
