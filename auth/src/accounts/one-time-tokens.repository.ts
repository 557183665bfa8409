import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Database, PrismaService } from '../database/index.js';
import type { TokenPurpose } from '../generated/prisma/client.js';

export interface OneTimeToken {
  readonly userId: string;
  readonly purpose: TokenPurpose;
  /** The address the token was sent to. */
  readonly email: string;
}

@Injectable()
export class OneTimeTokensRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** A new token replaces the user's earlier ones for the same purpose. */
  async replace(token: string, what: OneTimeToken & { expiresAt: Date }, database: Database): Promise<void> {
    await database.oneTimeToken.deleteMany({ where: { userId: what.userId, purpose: what.purpose } });
    await database.oneTimeToken.create({ data: { digest: digestOf(token), ...what } });
  }

  /** Deleting it is using it, so of two uses at once one finds nothing. */
  async use(
    token: string,
    purposes: TokenPurpose[],
    database: Database = this.prisma,
  ): Promise<OneTimeToken | null> {
    const where = {
      digest: digestOf(token),
      purpose: { in: purposes },
      expiresAt: { gt: new Date() },
      user: { deletedAt: null },
    };
    const found = await database.oneTimeToken.findFirst({ where });
    const { count } = await database.oneTimeToken.deleteMany({ where });
    return count === 1 ? found : null;
  }

  async removeAll(userId: string, database: Database): Promise<void> {
    await database.oneTimeToken.deleteMany({ where: { userId } });
  }
}

const digestOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest());
