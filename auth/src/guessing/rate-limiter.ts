import { Injectable } from '@nestjs/common';
import { AttemptsRepository } from './attempts.repository.js';
import type { Limit } from './limit.decorator.js';

export interface Verdict {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly secondsLeft: number;
}

interface Lease {
  left: number;
  remaining: number;
  readonly until: number;
}

const mostLeases = 50_000;

/**
 * Counts requests through PostgreSQL. A replica takes a few at once where the quota is large, so a busy route does not
 * pay a statement for each request; what it took and did not use makes the limit stricter, never looser.
 */
@Injectable()
export class RateLimiter {
  private readonly leases = new Map<string, Lease>();

  constructor(private readonly attempts: AttemptsRepository) {}

  async take(limit: Limit, client: string): Promise<Verdict> {
    const key = `${limit.name}:${client}`;
    const lease = this.leases.get(key);
    if (lease && lease.until > Date.now() && lease.left > 0) return use(lease);
    return this.takeFromDatabase(limit, key);
  }

  private async takeFromDatabase(limit: Limit, key: string): Promise<Verdict> {
    const size = Math.max(1, Math.floor(limit.quota / 50));
    const { used, secondsLeft } = await this.attempts.count(key, size, limit.window);
    const granted = size - Math.max(0, used - limit.quota);
    if (granted <= 0) return { allowed: false, remaining: 0, secondsLeft };
    const lease = {
      left: granted,
      remaining: limit.quota - used + granted,
      until: Date.now() + secondsLeft * 1_000,
    };
    if (this.leases.size >= mostLeases) this.leases.clear();
    this.leases.set(key, lease);
    return use(lease);
  }
}

function use(lease: Lease): Verdict {
  lease.left -= 1;
  lease.remaining -= 1;
  return { allowed: true, remaining: lease.remaining, secondsLeft: (lease.until - Date.now()) / 1_000 };
}
