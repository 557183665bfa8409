import { Periodic } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuthConfig } from '../config/index.js';
import { type OutgoingEventRow, OutgoingEventsRepository } from './outgoing-events.repository.js';

const interval = 1_000;

/**
 * Sessions that ended while their access tokens live on, as every replica learns within a second from the log that
 * tells the other services. Forgotten when the last of those tokens has expired.
 */
@Injectable()
export class EndedSessions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly until = new Map<string, number>();
  private readSoFar = '0';
  private readonly reading: Periodic;

  constructor(
    private readonly events: OutgoingEventsRepository,
    private readonly config: AuthConfig,
    log: Log,
  ) {
    this.reading = new Periodic({ name: 'ended sessions', interval, log }, () => this.read());
  }

  has(sessionId: string): boolean {
    return this.until.has(sessionId);
  }

  /** What this replica ended itself counts at once. */
  add(sessionIds: readonly string[]): void {
    const until = Date.now() + (this.config.ACCESS_TOKEN_LIFETIME + 5) * 1_000;
    for (const id of sessionIds) this.until.set(id, until);
  }

  async onApplicationBootstrap(): Promise<void> {
    const alive = new Date(Date.now() - (this.config.ACCESS_TOKEN_LIFETIME + 5) * 1_000);
    this.readSoFar = await this.events.lastSequence();
    this.learn(await this.events.listSince(alive));
    this.reading.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.reading.stop();
  }

  private async read(): Promise<void> {
    const rows = await this.events.listAfter(this.readSoFar, 1_000);
    this.learn(rows);
    this.readSoFar = rows.at(-1)?.sequence ?? this.readSoFar;
    this.forgetExpired();
  }

  private learn(rows: readonly OutgoingEventRow[]): void {
    for (const row of rows) {
      const until = row.tokens_expire_at?.getTime() ?? 0;
      for (const id of row.ended_session_ids) this.until.set(id, until);
    }
  }

  private forgetExpired(): void {
    const now = Date.now();
    for (const [id, until] of this.until) if (until < now) this.until.delete(id);
  }
}
