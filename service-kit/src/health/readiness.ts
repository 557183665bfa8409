import { Injectable } from '@nestjs/common';
import { UnavailableError } from '../errors/index.js';

type Check = () => Promise<void>;

/** Whether this instance should get requests: every check passes and it is not stopping. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, Check>();
  private stopped = false;

  /** A check throws with the reason, in words that may leave the service. */
  addCheck(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  get isStopping(): boolean {
    return this.stopped;
  }

  stop(): void {
    this.stopped = true;
  }

  async assertReady(): Promise<void> {
    if (this.stopped) throw new UnavailableError('This instance is stopping.', 5, 'stopping');
    const reasons = await Promise.all([...this.checks].map(([name, check]) => reasonAgainst(name, check)));
    const failed = reasons.filter((reason) => reason !== undefined);
    if (failed.length > 0) throw new UnavailableError(`Not ready: ${failed.join('; ')}.`, 5, 'not_ready');
  }
}

async function reasonAgainst(name: string, check: Check): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof UnavailableError ? error.message : `the ${name} does not answer`;
  }
}
