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
import { type LiveSession, type NewSession, SessionsRepository } from './sessions.repository.js';

export type { NewSession } from './sessions.repository.js';

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
  start(user: { id: string }, transaction: Transaction): Promise<Tokens | undefined> {
    return this.startBy((session) => this.sessions.create(session, transaction), user);
  }

  /** The same for whoever writes the session down in a statement that does more; it answers the user's role. */
  async startBy(
    write: (session: NewSession) => Promise<string | undefined>,
    { id: userId, password }: { id: string; password?: string | null },
  ): Promise<Tokens | undefined> {
    const token = this.refreshTokens.first(uuid());
    const { sessionId } = token;
    const context = currentContext();
    const role = await write({
      id: sessionId,
      userId,
      password,
      tokenDigest: this.refreshTokens.digest(token),
      userAgent: context?.userAgent ?? null,
      ipAddress: context?.ipAddress ?? null,
      idleSeconds: this.config.SESSION_IDLE_LIFETIME,
      seconds: this.config.SESSION_LIFETIME,
    });
    if (!role) return undefined;
    return this.tokensFor({ userId, role, sessionId }, this.refreshTokens.write(token));
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
    const ended = await this.endInTransaction(caller.userId, 'session_ended', { only: sessionId });
    if (ended.length === 0) throw new NotFoundError('There is no such session.', 'session_not_found');
  }

  async endAll(userId: string): Promise<void> {
    await this.endInTransaction(userId, 'all_sessions_ended', {});
  }

  /** A refresh token says which session; one that is not ours, or not any more, has nothing left to end. */
  async logout(text: string, all: boolean): Promise<void> {
    const token = this.refreshTokens.read(text);
    const session = token && (await this.judge(token.sessionId, this.refreshTokens.digest(token)));
    if (!session) return;
    await this.endInTransaction(session.userId, 'logged_out', all ? {} : { only: token.sessionId });
  }

  /** Ends sessions in a transaction that does more, and tells every service. Answers what ended. */
  async end(
    transaction: Transaction,
    userId: string,
    action: AuditAction,
    which: { only?: string; except?: string } = {},
  ): Promise<string[]> {
    const ended = await this.sessions.end({ userId, ...which }, action, transaction);
    this.ended.add(ended);
    return ended;
  }

  private async endInTransaction(
    userId: string,
    action: AuditAction,
    which: { only?: string },
  ): Promise<string[]> {
    return this.prisma.$transaction(async (transaction) => {
      const ended = await this.end(transaction, userId, action, which);
      if (ended.length === 0) return ended;
      await this.audit.record(transaction, action, { actorId: userId, subjectId: userId });
      await this.events.append(transaction, {
        userId,
        type: 'SESSIONS_ENDED',
        endedSessionIds: ended,
      });
      return ended;
    });
  }

  private async repeated(sessionId: string, presented: Buffer): Promise<LiveSession | undefined> {
    const session = await this.judge(sessionId, presented);
    return session?.isParentInGrace ? session : undefined;
  }

  /** The direct parent may come once more within the grace; any older one was stolen from or by somebody. */
  private async judge(sessionId: string, presented: Buffer): Promise<LiveSession | undefined> {
    const session = await this.sessions.findLive(sessionId, presented, this.config.REFRESH_GRACE);
    if (!session || session.isLive || session.isParentInGrace) return session;
    await this.endInTransaction(session.userId, 'refresh_token_reused', { only: sessionId });
    return undefined;
  }

  private async tokensFor(
    holder: { userId: string; role: string; sessionId: string },
    refreshToken: string,
  ): Promise<Tokens> {
    const accessToken = await this.accessTokens.issue(holder);
    return { accessToken, refreshToken, expiresIn: this.config.ACCESS_TOKEN_LIFETIME };
  }
}

const isUuid = (key: unknown): key is string => validate(key);

const refused = () =>
  new UnauthenticatedError(
    'invalid_refresh_token',
    'The refresh token is not valid, or not any more. Log in again.',
  );
