import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config/index.js';
import type { Transaction } from '../database/index.js';
import { type OutgoingEventRow, OutgoingEventsRepository } from './outgoing-events.repository.js';

export type { OutgoingEventRow } from './outgoing-events.repository.js';

export type EventType = 'DELETED' | 'RESTORED' | 'BANNED' | 'UNBANNED' | 'UPDATED' | 'SESSIONS_ENDED';

export interface UserChange {
  readonly userId: string;
  readonly type: EventType;
  readonly endedSessionIds?: readonly string[];
}

/** Tells other services what happened to a user, in the transaction in which it happens. */
@Injectable()
export class OutgoingEventsService {
  constructor(
    private readonly events: OutgoingEventsRepository,
    private readonly config: AuthConfig,
  ) {}

  listAfter(sequence: string, limit: number): Promise<OutgoingEventRow[]> {
    return this.events.listAfter(sequence, limit);
  }

  /** Call it last in a transaction: the lock it takes is shared by all users. */
  append(transaction: Transaction, { endedSessionIds = [], ...change }: UserChange): Promise<void> {
    const tokensExpireAt = new Date(Date.now() + (this.config.ACCESS_TOKEN_LIFETIME + 5) * 1_000);
    return this.events.append({ ...change, endedSessionIds, tokensExpireAt }, transaction);
  }
}
