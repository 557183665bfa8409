import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';
import type { User } from '../generated/prisma/client.js';

@Injectable()
export class IdentitiesRepository {
  /** Two exchanges of one new identity at once would otherwise make two users. */
  async lock(issuer: string, subject: string, transaction: Transaction): Promise<void> {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${issuer} ${subject}`}, 0))`;
  }

  async findUser(issuer: string, subject: string, transaction: Transaction): Promise<User | undefined> {
    const identity = await transaction.externalIdentity.findUnique({
      where: { issuer_subject: { issuer, subject } },
      include: { user: true },
    });
    return identity?.user;
  }

  async link(issuer: string, subject: string, userId: string, transaction: Transaction): Promise<void> {
    await transaction.externalIdentity.upsert({
      where: { issuer_subject: { issuer, subject } },
      create: { issuer, subject, userId },
      update: { userId, lastUsedAt: new Date() },
    });
  }
}
