import { createHmac } from 'node:crypto';
import { TooManyRequestsError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config/index.js';
import type { Database } from '../database/index.js';
import { AttemptsRepository } from './attempts.repository.js';

const freeTries = 5;
const longestWait = 15 * 60;
const mailsInAWindow = 5;
/** Seconds. No longer than a link to reset lives, so whoever has to wait for another one holds one that works. */
const windows = { verification: 3_600, addressChange: 3_600, signUp: 3_600, reset: 30 * 60 } as const;

/**
 * Slows down guessing one account's password, known or not. Never locks it: the wait ends, at the latest after a
 * quarter of an hour, and a password reset by mail ends it at once, so an attacker cannot shut the owner out for good.
 */
@Injectable()
export class LoginGuard {
  constructor(
    private readonly attempts: AttemptsRepository,
    private readonly config: AuthConfig,
  ) {}

  async startTry(email: string): Promise<void> {
    const key = this.counterOf(email);
    if ((await this.attempts.startTry(key, freeTries, longestWait)) !== undefined) return;
    throw new TooManyRequestsError(await this.attempts.secondsBlocked(key));
  }

  /**
   * So many mails to one address, whether it has an account or not. Those of each purpose are counted by themselves:
   * asking for others must not keep the owner from a reset.
   */
  async countMail(email: string, purpose: keyof typeof windows): Promise<void> {
    const key = this.mailCounterOf(email, purpose);
    const { used, secondsLeft } = await this.attempts.count(key, 1, windows[purpose]);
    if (used > mailsInAWindow * this.config.RATE_LIMIT_FACTOR) throw new TooManyRequestsError(secondsLeft);
  }

  /** The links that were sent count no more once the account was shown to be theirs: they may be used up. */
  async succeeded(email: string, database: Database): Promise<void> {
    await this.attempts.forget([this.counterOf(email), this.mailCounterOf(email, 'reset')], database);
  }

  /** The key of the counter that tries to log in as somebody are counted by. */
  counterOf(email: string): string {
    return `login:${this.digest(email)}`;
  }

  private mailCounterOf(email: string, purpose: keyof typeof windows): string {
    return `mail:${purpose}:${this.digest(email)}`;
  }

  /** Not the address itself: the table would otherwise list addresses that never had an account. */
  private digest(email: string): string {
    return createHmac('sha256', this.config.TOKEN_SECRET).update(email).digest('base64url');
  }
}
