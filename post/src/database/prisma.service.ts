import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.js';

export { Prisma };

/** Prisma on the service's one pool, which closes after everything that uses it. */
@Injectable()
export class PrismaService extends PrismaClient {
  constructor(pool: Pool) {
    super({ adapter: new PrismaPg(pool) });
  }
}

/** What a repository runs its queries on: the service itself, or a transaction of it. */
export type Transaction = Prisma.TransactionClient;
