import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { currentContext } from '@bw/service-kit/context';
import { UnavailableError } from '@bw/service-kit/errors';
import { Metrics } from '@bw/service-kit/metrics';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { AuthConfig } from '../config/index.js';

/** Argon2id (the library's default algorithm) at OWASP's floor: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const costInHash = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;
const waitingPerWorker = 32;

/** Hashes on worker threads, a bounded number at once; who would wait too long is told to come again. */
@Injectable()
export class PasswordHasher {
  private readonly limit: number;
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private decoy: Promise<string> | undefined;

  constructor(config: AuthConfig, metrics: Metrics) {
    const threads = Math.max(1, config.UV_THREADPOOL_SIZE - 1);
    this.limit = Math.min(config.HASH_CONCURRENCY ?? availableParallelism(), threads);
    metrics.gauge('password_hashes_running', 'Passwords being hashed.', () => this.running);
    metrics.gauge('password_hashes_waiting', 'Passwords waiting to be hashed.', () => this.waiting.length);
  }

  hash(password: string): Promise<string> {
    return this.take(() => hash(normalize(password), cost));
  }

  /** Does the same work when there is no such user or no password, so that the time tells nothing. */
  async verify(password: string, stored: string | null | undefined): Promise<boolean> {
    if (stored) return this.take(() => verify(stored, normalize(password)));
    this.decoy ??= this.hash(randomBytes(16).toString('hex'));
    const decoy = await this.decoy;
    await this.take(() => verify(decoy, normalize(password)));
    return false;
  }

  isOutdated(stored: string): boolean {
    return !stored.startsWith(costInHash);
  }

  private async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.limit) this.running += 1;
    else await this.turn();
    const span = currentContext()?.span?.child('hash password', 'internal');
    try {
      return await work();
    } finally {
      span?.end();
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  /** Resolves when somebody who finished hands over the place. */
  private turn(): Promise<void> {
    if (this.waiting.length >= this.limit * waitingPerWorker) {
      throw new UnavailableError('Too many passwords are being checked at the moment.', 1, 'busy');
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** The same password typed on another keyboard may arrive in other code points (NIST SP 800-63B, 3.1.1.2). */
const normalize = (password: string) => password.normalize('NFKC');
