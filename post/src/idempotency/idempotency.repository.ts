import { inTransaction } from '@bw/service-kit/database';
import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { PrismaService } from '../database/prisma.service.js';

export interface KeyId {
  readonly userId: string;
  readonly operation: string;
  readonly key: string;
}

interface StoredAnswer {
  readonly fingerprint: string;
  readonly answer: object;
}

const values = ({ userId, operation, key }: KeyId) => [userId, operation, key];

@Injectable()
export class IdempotencyRepository {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaService,
  ) {}

  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, work);
  }

  /** Held until the transaction ends: a crash leaves nothing behind that would have to time out. */
  async tryLock(id: KeyId, client: PoolClient): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>({
      name: 'lock idempotency key',
      text: 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked',
      values: [JSON.stringify(values(id))],
    });
    return rows[0]?.locked ?? false;
  }

  /** A statement after the lock, so that it sees what the one who held it before has stored. */
  async find(id: KeyId, client: PoolClient): Promise<StoredAnswer | undefined> {
    const { rows } = await client.query<StoredAnswer>({
      name: 'find idempotency key',
      text: `SELECT fingerprint, answer FROM post_schema.idempotency_keys
              WHERE user_id = $1 AND operation = $2 AND key = $3`,
      values: values(id),
    });
    return rows[0];
  }

  async store(id: KeyId, { fingerprint, answer }: StoredAnswer, client: PoolClient): Promise<void> {
    await client.query({
      name: 'store idempotency key',
      text: `INSERT INTO post_schema.idempotency_keys (user_id, operation, key, fingerprint, answer)
             VALUES ($1, $2, $3, $4, $5)`,
      values: [...values(id), fingerprint, JSON.stringify(answer)],
    });
  }

  async purge(before: Date, limit: number): Promise<number> {
    const where = { createdAt: { lt: before } };
    const { count } = await this.prisma.idempotencyKey.deleteMany({ where, limit });
    return count;
  }
}
