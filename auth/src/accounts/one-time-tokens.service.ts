import { randomBytes } from 'node:crypto';
import { ServiceError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';
import { UsersService } from '../users/users.service.js';
import { type OneTimeToken, OneTimeTokensRepository } from './one-time-tokens.repository.js';

const minute = 60_000;
const lifetimes = {
  VERIFY_EMAIL: 24 * 60 * minute,
  CHANGE_EMAIL: 60 * minute,
  RESET_PASSWORD: 30 * minute,
} as const;

/** What links in mails carry: 256 random bits, good once, for one purpose, for a short time. */
@Injectable()
export class OneTimeTokensService {
  constructor(
    private readonly tokens: OneTimeTokensRepository,
    private readonly users: UsersService,
  ) {}

  async issue(what: OneTimeToken, transaction: Transaction): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + lifetimes[what.purpose]);
    await this.tokens.replace(token, { ...what, expiresAt }, transaction);
    return token;
  }

  /** The user is locked before the link, as by all who change the user and remove the links, so that nobody deadlocks. */
  async use(
    token: string,
    purposes: OneTimeToken['purpose'][],
    transaction: Transaction,
  ): Promise<OneTimeToken> {
    const found = await this.tokens.find(token, purposes, transaction);
    if (found) await this.users.lock(found.userId, transaction);
    if (!found || !(await this.tokens.use(token, purposes, transaction)))
      throw new ServiceError(
        400,
        'invalid_link',
        'This link is not valid, or not any more. Ask for a new one.',
      );
    return found;
  }

  removeAll(userId: string, transaction: Transaction): Promise<void> {
    return this.tokens.removeAll(userId, transaction);
  }
}
