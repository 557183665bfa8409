import type { UserEvent } from '@bw/contracts/user-events';
import { UserState } from '@bw/contracts/user-events';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { PrismaService, type Transaction } from '../database/prisma.service.js';

/** What an event means for every replica, whichever of them stored it. */
export interface InboxEntry {
  readonly sequence: bigint;
  readonly userId: string;
  readonly userActive: boolean;
  readonly endedSessionIds: readonly string[];
  readonly tokensExpireAt: Date | null;
}

type EntryRow = Omit<InboxEntry, 'sequence'> & { readonly sequence: string };

/** What every replica asks each second uses the pool below Prisma. */
@Injectable()
export class InboxRepository {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaService,
  ) {}

  /** With as many milliseconds, all in all and for each statement, as there is to be changed. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, timeout = 30_000): Promise<T> {
    const patient = async (tx: Transaction) => {
      await tx.$executeRaw`SELECT set_config('statement_timeout', ${String(timeout)}, true)`;
      return work(tx);
    };
    return this.prisma.$transaction(patient, { timeout });
  }

  /** Until the transaction ends, no event takes effect elsewhere. */
  async lock(tx: Transaction): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('post inbox', 0))`;
  }

  /** Where reading continues: the last event that took effect here. */
  async position(): Promise<bigint> {
    const { rows } = await this.pool.query<{ sequence: string }>({
      name: 'inbox position',
      text: 'SELECT sequence FROM post_schema.inbox_events ORDER BY sequence DESC LIMIT 1',
    });
    return BigInt(rows[0]?.sequence ?? 0);
  }

  /** The same within a transaction. */
  async positionIn(tx: Transaction): Promise<bigint> {
    const last = await tx.inboxEvent.findFirst({ orderBy: { sequence: 'desc' }, select: { sequence: true } });
    return last?.sequence ?? 0n;
  }

  /** False when it is stored already. */
  async store(event: UserEvent, tx: Transaction): Promise<boolean> {
    const { count } = await tx.inboxEvent.createMany({
      data: {
        sequence: event.sequence,
        userId: event.userId,
        userActive: event.state === UserState.ACTIVE,
        endedSessionIds: event.endedSessionIds,
        tokensExpireAt: event.tokensExpireAt,
        occurredAt: event.occurredAt ?? new Date(),
      },
      skipDuplicates: true,
    });
    return count === 1;
  }

  entriesAfter(sequence: bigint): Promise<InboxEntry[]> {
    return this.entries('after', 'sequence > $1', sequence);
  }

  /** From the first entry on whose ended sessions could still have a valid token: a later one may take it back. */
  entriesSinceLiveTokens(): Promise<InboxEntry[]> {
    const first = 'SELECT min(sequence) FROM post_schema.inbox_events WHERE tokens_expire_at > $1';
    return this.entries('since live tokens', `sequence >= (${first})`, new Date());
  }

  /** The last entry stays: it is the position. */
  async purge(receivedBefore: Date, limit: number): Promise<number> {
    const sequence = { lt: await this.position() };
    const { count } = await this.prisma.inboxEvent.deleteMany({
      where: { receivedAt: { lt: receivedBefore }, sequence },
      limit,
    });
    return count;
  }

  private async entries(name: string, condition: string, value: bigint | Date): Promise<InboxEntry[]> {
    const { rows } = await this.pool.query<EntryRow>({
      name: `inbox entries ${name}`,
      text: `SELECT sequence, user_id AS "userId", user_active AS "userActive",
               ended_session_ids AS "endedSessionIds", tokens_expire_at AS "tokensExpireAt"
             FROM post_schema.inbox_events WHERE ${condition} ORDER BY sequence`,
      values: [value],
    });
    return rows.map((row) => ({ ...row, sequence: BigInt(row.sequence) }));
  }
}
