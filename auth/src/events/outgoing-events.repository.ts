import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Transaction } from '../database/index.js';

export interface OutgoingEventRow {
  readonly sequence: string;
  readonly user_id: string;
  readonly type: string;
  readonly state: string;
  readonly ended_session_ids: string[];
  readonly tokens_expire_at: Date | null;
  readonly occurred_at: Date;
}

export interface NewEvent {
  readonly userId: string;
  readonly type: string;
  readonly endedSessionIds: readonly string[];
  readonly tokensExpireAt: Date;
}

/** Any number: it names the lock below among the advisory locks of the database. */
const appendLock = 7_411_030;

@Injectable()
export class OutgoingEventsRepository {
  constructor(private readonly pool: Pool) {}

  /**
   * Sequences are drawn under a lock that is held until the commit, so they become visible in their order and a reader
   * that continues behind the last one misses nothing. The state is the row's own, whatever the event is about.
   */
  async append(
    { userId, type, endedSessionIds, tokensExpireAt }: NewEvent,
    transaction: Transaction,
  ): Promise<void> {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${appendLock})`;
    await transaction.$executeRaw`
      INSERT INTO auth_schema.outgoing_events (user_id, type, state, ended_session_ids, tokens_expire_at)
      SELECT id, ${type}, CASE WHEN deleted_at IS NOT NULL THEN 'DELETED' WHEN banned_at IS NOT NULL THEN 'BANNED' ELSE 'ACTIVE' END,
             ${endedSessionIds}, ${tokensExpireAt}
        FROM auth_schema.users WHERE id = ${userId}`;
  }

  async listAfter(sequence: string, limit: number): Promise<OutgoingEventRow[]> {
    const { rows } = await this.pool.query<OutgoingEventRow>({
      name: 'outgoing-events-after',
      text: `SELECT sequence, user_id, type, state, ended_session_ids, tokens_expire_at, occurred_at
               FROM auth_schema.outgoing_events WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
      values: [sequence, limit],
    });
    return rows;
  }

  /** The events of sessions whose access tokens may still be alive. */
  async listSince(moment: Date): Promise<OutgoingEventRow[]> {
    const { rows } = await this.pool.query<OutgoingEventRow>(
      `SELECT sequence, user_id, type, state, ended_session_ids, tokens_expire_at, occurred_at
         FROM auth_schema.outgoing_events WHERE occurred_at > $1 ORDER BY sequence`,
      [moment],
    );
    return rows;
  }

  async lastSequence(): Promise<string> {
    const { rows } = await this.pool.query<{ last: string }>(
      'SELECT coalesce(max(sequence), 0)::text AS last FROM auth_schema.outgoing_events',
    );
    return rows[0]?.last ?? '0';
  }
}
