import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Database } from '../database/index.js';
import type { TokenPurpose } from '../generated/prisma/client.js';

export interface OneTimeToken {
  readonly userId: string;
  readonly purpose: TokenPurpose;
  /** The address the token was sent to. */
  readonly email: string;
}

@Injectable()
export class OneTimeTokensRepository {
  /** A new token replaces the user's earlier ones for the same purpose. */
  async replace(token: string, what: OneTimeToken & { expiresAt: Date }, database: Database): Promise<void> {
    await database.oneTimeToken.deleteMany({ where: { userId: what.userId, purpose: what.purpose } });
    await database.oneTimeToken.create({ data: { digest: digestOf(token), ...what } });
  }

  find(token: string, purposes: TokenPurpose[], database: Database): Promise<OneTimeToken | null> {
    return database.oneTimeToken.findFirst({ where: valid(token, purposes) });
  }

  /** Deleting it is using it, so of two uses at once one finds nothing. */
  async use(token: string, purposes: TokenPurpose[], database: Database): Promise<boolean> {
    const { count } = await database.oneTimeToken.deleteMany({ where: valid(token, purposes) });
    return count === 1;
  }

  async removeAll(userId: string, database: Database): Promise<void> {
    await database.oneTimeToken.deleteMany({ where: { userId } });
  }
}

const valid = (token: string, purposes: TokenPurpose[]) => ({
  digest: digestOf(token),
  purpose: { in: purposes },
  expiresAt: { gt: new Date() },
  user: { deletedAt: null },
});

const digestOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest());
