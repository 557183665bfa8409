import { currentContext } from '@bw/service-kit/context';
import { NotFoundError, UnauthenticatedError } from '@bw/service-kit/errors';
import { decodeCursor, encodeCursor, type Page, toPage } from '@bw/service-kit/paging';
import type { Principal } from '@bw/service-kit/security';
import { Injectable } from '@nestjs/common';
import { v7 as uuid, validate } from 'uuid';
import { type AuditAction, AuditService } from '../audit/audit.service.js';
import { AuthConfig } from '../config/index.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { EndedSessions } from '../events/ended-sessions.js';
import { OutgoingEventsService } from '../events/outgoing-events.service.js';
import { AccessTokenIssuer } from '../keys/access-token-issuer.js';
import { RefreshTokens } from './refresh-tokens.js';
import { type Session, type Tokens, toSession } from './sessions.dto.js';
import {
  type EndedOnes,
  type LiveSession,
  type NewSession,
  SessionsRepository,
} from './sessions.repository.js';

export { type NewSession, sessionsAtOnce } from './sessions.repository.js';

@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokenIssuer,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly events: OutgoingEventsService,
    private readonly ended: EndedSessions,
    private readonly config: AuthConfig,
  ) {}

  /** Starts a session for somebody who has just shown who they are; undefined for who may not be signed in any more. */
  async start(user: { id: string }, transaction: Transaction): Promise<Tokens | undefined> {
    const { session, refreshToken } = this.prepare(user);
    const role = await this.sessions.create(session, transaction);
    if (!role) return undefined;
    await this.endSurplus(user.id, transaction);
    return this.tokensFor({ userId: user.id, role, sessionId: session.id }, refreshToken);
  }

  /**
   * The same for whoever writes the session down in a statement that does more, and answers the user's role: without a
   * transaction only where there is room for another session, else in one in which the oldest end.
   */
  async startBy(
    write: (session: NewSession, transaction?: Transaction) => Promise<string | undefined>,
    user: { id: string; password?: string | null },
  ): Promise<Tokens | undefined> {
    const { session, refreshToken } = this.prepare(user);
    const role =
      (await write(session)) ??
      (await this.prisma.$transaction(async (transaction) => {
        const written = await write(session, transaction);
        if (written) await this.endSurplus(user.id, transaction);
        return written;
      }));
    return role ? this.tokensFor({ userId: user.id, role, sessionId: session.id }, refreshToken) : undefined;
  }

  async refresh(text: string): Promise<Tokens> {
    const token = this.refreshTokens.read(text);
    if (!token) throw refused();
    const next = this.refreshTokens.next(token);
    const presented = this.refreshTokens.digest(token);
    const { sessionId } = token;
    const rotated = await this.sessions.rotate({
      sessionId,
      presented,
      next: this.refreshTokens.digest(next),
      idleSeconds: this.config.SESSION_IDLE_LIFETIME,
    });
    const holder = rotated ?? (await this.repeated(sessionId, presented));
    if (!holder) throw refused();
    return this.tokensFor({ ...holder, sessionId }, this.refreshTokens.write(next));
  }

  async list(
    caller: Principal,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<Page<Session>> {
    const scope = ['sessions', caller.userId];
    const after = cursor === undefined ? undefined : decodeCursor(scope, cursor, isUuid);
    const rows = await this.sessions.list(caller.userId, limit + 1, after);
    return toPage(rows, limit, {
      item: (row) => toSession(row, caller.sessionId),
      cursor: (row) => encodeCursor(scope, row.id),
    });
  }

  async endOne(caller: Principal, sessionId: string): Promise<void> {
    const ended = await this.endInTransaction(caller.userId, 'session_ended', { only: [sessionId] });
    if (ended === 0) throw new NotFoundError('There is no such session.', 'session_not_found');
  }

  async endAll(userId: string): Promise<void> {
    await this.endInTransaction(userId, 'all_sessions_ended', {});
  }

  /** A refresh token says which session; one that is not ours, or not any more, has nothing left to end. */
  async logout(text: string, all: boolean): Promise<void> {
    const token = this.refreshTokens.read(text);
    const session = token && (await this.judge(token.sessionId, this.refreshTokens.digest(token)));
    if (!session) return;
    await this.endInTransaction(session.userId, 'logged_out', all ? {} : { only: [token.sessionId] });
  }

  /** Ends sessions in a transaction that does more. Answers those that other services must refuse from now on. */
  async end(
    transaction: Transaction,
    userId: string,
    action: AuditAction,
    which: { except?: string } = {},
  ): Promise<string[]> {
    const { withTokens } = await this.endSome(userId, action, which, transaction);
    return withTokens;
  }

  private async endInTransaction(
    userId: string,
    action: AuditAction,
    which: { only?: readonly string[] },
  ): Promise<number> {
    return this.prisma.$transaction((transaction) => this.endAndTell(userId, action, which, transaction));
  }

  /** Sessions that nobody ends, such as those of a program that logs in for each of its runs, must not pile up. */
  private async endSurplus(userId: string, transaction: Transaction): Promise<void> {
    const only = await this.sessions.surplus(userId, transaction);
    if (only.length > 0) await this.endAndTell(userId, 'oldest_sessions_ended', { only }, transaction);
  }

  /** Answers how many ended. */
  private async endAndTell(
    userId: string,
    action: AuditAction,
    which: { only?: readonly string[] },
    transaction: Transaction,
  ): Promise<number> {
    const { count, withTokens } = await this.endSome(userId, action, which, transaction);
    if (count === 0) return 0;
    await this.audit.record(transaction, action, { actorId: userId, subjectId: userId });
    await this.events.append(transaction, { userId, type: 'SESSIONS_ENDED', endedSessionIds: withTokens });
    return count;
  }

  private async endSome(
    userId: string,
    action: AuditAction,
    which: { only?: readonly string[]; except?: string },
    transaction: Transaction,
  ): Promise<EndedOnes> {
    const { ACCESS_TOKEN_LIFETIME, REFRESH_GRACE } = this.config;
    const tokenSeconds = ACCESS_TOKEN_LIFETIME + REFRESH_GRACE + margin;
    const ended = await this.sessions.end({ userId, ...which }, action, tokenSeconds, transaction);
    this.ended.add(ended.withTokens);
    return ended;
  }

  private async repeated(sessionId: string, presented: Buffer): Promise<LiveSession | undefined> {
    const session = await this.judge(sessionId, presented);
    return session?.isParentInGrace ? session : undefined;
  }

  /** The direct parent may come once more within the grace; any older one was stolen from or by somebody. */
  private async judge(sessionId: string, presented: Buffer): Promise<LiveSession | undefined> {
    const session = await this.sessions.findLive(sessionId, presented, this.config.REFRESH_GRACE);
    if (!session || session.isLive || session.isParentInGrace) return session;
    await this.endInTransaction(session.userId, 'refresh_token_reused', { only: [sessionId] });
    return undefined;
  }

  private prepare({ id: userId, password }: { id: string; password?: string | null }) {
    const token = this.refreshTokens.first(uuid());
    const context = currentContext();
    const session: NewSession = {
      id: token.sessionId,
      userId,
      password,
      tokenDigest: this.refreshTokens.digest(token),
      userAgent: context?.userAgent ?? null,
      ipAddress: context?.ipAddress ?? null,
      idleSeconds: this.config.SESSION_IDLE_LIFETIME,
      seconds: this.config.SESSION_LIFETIME,
    };
    return { session, refreshToken: this.refreshTokens.write(token) };
  }

  private async tokensFor(
    holder: { userId: string; role: string; sessionId: string },
    refreshToken: string,
  ): Promise<Tokens> {
    const accessToken = await this.accessTokens.issue(holder);
    return { accessToken, refreshToken, expiresIn: this.config.ACCESS_TOKEN_LIFETIME };
  }
}

/** Seconds by which a token may be issued later than the database says: a clock that differs, a busy process. */
const margin = 60;

const isUuid = (key: unknown): key is string => validate(key);

const refused = () =>
  new UnauthenticatedError(
    'invalid_refresh_token',
    'The refresh token is not valid, or not any more. Log in again.',
  );
