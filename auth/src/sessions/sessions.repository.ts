import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Database, PrismaService } from '../database/index.js';

export interface Rotation {
  readonly sessionId: string;
  readonly presented: Buffer;
  readonly next: Buffer;
  readonly idleSeconds: number;
}

export interface Holder {
  readonly userId: string;
  readonly role: string;
}

export interface LiveSession extends Holder {
  readonly isLive: boolean;
  readonly isParentInGrace: boolean;
}

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  /** The hash that the password was checked against, where one was. */
  readonly password?: string | null | undefined;
  readonly tokenDigest: Buffer;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly idleSeconds: number;
  readonly seconds: number;
}

export interface EndedOnes {
  readonly count: number;
  /** Those that may have an access token which has not expired: nobody else can use one of theirs. */
  readonly withTokens: string[];
}

/** How many sessions a user may have at once. */
export const sessionsAtOnce = 100;

const alive = `s.revoked_at IS NULL AND s.idle_expires_at > now() AND s.expires_at > now()
           AND u.id = s.user_id AND u.deleted_at IS NULL AND u.banned_at IS NULL`;

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaService,
  ) {}

  /**
   * Answers the role, or undefined where the user may not be signed in any more. The row is locked against a ban, a
   * deletion and a new role or password: one that is under way is waited for, one that comes later finds the session.
   */
  async create(session: NewSession, database: Database): Promise<string | undefined> {
    const { id, userId, tokenDigest, userAgent, ipAddress, idleSeconds, seconds } = session;
    const [holder] = await database.$queryRaw<{ role: string }[]>`
      WITH holder AS (
        SELECT id, role FROM auth_schema.users
         WHERE id = ${userId} AND deleted_at IS NULL AND banned_at IS NULL FOR NO KEY UPDATE
      ), added AS (
        INSERT INTO auth_schema.sessions (id, user_id, token_digest, user_agent, ip_address, idle_expires_at, expires_at)
        SELECT ${id}, id, ${tokenDigest}, ${userAgent}, ${ipAddress}, now() + make_interval(secs => ${idleSeconds}::int),
               now() + make_interval(secs => ${seconds}::int)
          FROM holder
      )
      SELECT role::text FROM holder`;
    return holder?.role;
  }

  /** One statement decides who of several refreshes is the one that rotates. */
  async rotate({ sessionId, presented, next, idleSeconds }: Rotation): Promise<Holder | undefined> {
    const { rows } = await this.pool.query<Holder>({
      name: 'rotate-session',
      text: `UPDATE auth_schema.sessions s
                SET token_digest = $3, parent_digest = s.token_digest, rotated_at = now(),
                    idle_expires_at = least(now() + make_interval(secs => $4::int), s.expires_at)
               FROM auth_schema.users u
              WHERE s.id = $1 AND s.token_digest = $2 AND ${alive}
          RETURNING s.user_id AS "userId", u.role`,
      values: [sessionId, presented, next, idleSeconds],
    });
    return rows[0];
  }

  /** What is to be said of a token that did not rotate. */
  async findLive(
    sessionId: string,
    presented: Buffer,
    graceSeconds: number,
  ): Promise<LiveSession | undefined> {
    const { rows } = await this.pool.query<LiveSession>(
      `SELECT s.user_id AS "userId", u.role, s.token_digest = $2 AS "isLive",
              coalesce(s.parent_digest = $2 AND s.rotated_at > now() - make_interval(secs => $3::int), false)
                AS "isParentInGrace"
         FROM auth_schema.sessions s, auth_schema.users u WHERE s.id = $1 AND ${alive}`,
      [sessionId, presented, graceSeconds],
    );
    return rows[0];
  }

  list(userId: string, limit: number, after?: string) {
    return this.prisma.session.findMany({
      where: { ...isLive(userId), ...(after && { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  /** The oldest sessions of a user who has more than a user may have. */
  async surplus(userId: string, database: Database): Promise<string[]> {
    const sessions = await database.session.findMany({
      where: isLive(userId),
      orderBy: { id: 'desc' },
      skip: sessionsAtOnce,
      select: { id: true },
    });
    return sessions.map(({ id }) => id);
  }

  /**
   * Ends sessions of a user: some, all, or all but one. What is answered has bounds, however many there are: who got
   * no token for `tokenSeconds` is only counted.
   */
  async end(
    { userId, only, except }: { userId: string; only?: readonly string[]; except?: string },
    because: string,
    tokenSeconds: number,
    database: Database,
  ): Promise<EndedOnes> {
    const [ended] = await database.$queryRaw<[EndedOnes]>`
      WITH ended AS (
        UPDATE auth_schema.sessions SET revoked_at = now(), revoked_because = ${because}
         WHERE user_id = ${userId} AND revoked_at IS NULL
           AND (${only ?? null}::text[] IS NULL OR id = ANY (${only ?? null}::text[]))
           AND (${except ?? null}::text IS NULL OR id <> ${except ?? null}::text)
        RETURNING id, rotated_at
      )
      SELECT count(*)::int AS count,
             coalesce(array_agg(id) FILTER (WHERE rotated_at > now() - make_interval(secs => ${tokenSeconds}::int)), '{}')
               AS "withTokens"
        FROM ended`;
    return ended;
  }
}

const isLive = (userId: string) => {
  const now = new Date();
  return { userId, revokedAt: null, idleExpiresAt: { gt: now }, expiresAt: { gt: now } };
};
