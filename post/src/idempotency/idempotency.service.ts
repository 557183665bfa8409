import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { KeyInUseError, KeyReusedError } from './idempotency.errors.js';
import { IdempotencyRepository, type KeyId } from './idempotency.repository.js';

interface IdempotentRequest extends KeyId {
  /** What a repetition must have in common with the first request. */
  readonly input: unknown;
}

@Injectable()
export class IdempotencyService {
  constructor(private readonly keys: IdempotencyRepository) {}

  /**
   * Does `work` once for a key and answers each repetition with what it answered then, on every replica. The answer
   * is stored in the transaction of the effect, so there is never one without the other. What throws is not stored.
   */
  once<Answer extends object>(
    { userId, operation, key, input }: IdempotentRequest,
    work: (client: PoolClient) => Promise<Answer>,
  ): Promise<Answer> {
    const id = { userId, operation, key };
    const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest('base64url');
    return this.keys.transaction(async (client) => {
      if (!(await this.keys.tryLock(id, client))) throw new KeyInUseError();
      const known = await this.keys.find(id, client);
      if (known && known.fingerprint !== fingerprint) throw new KeyReusedError();
      if (known) return known.answer as Answer;
      const result = await work(client);
      await this.keys.store(id, { fingerprint, answer: result }, client);
      return result;
    });
  }

  purge(before: Date, limit: number): Promise<number> {
    return this.keys.purge(before, limit);
  }
}
