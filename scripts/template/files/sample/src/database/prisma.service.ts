import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';

/** Prisma on the service's one pool, which closes after everything that uses it. */
@Injectable()
export class PrismaService extends PrismaClient {
  constructor(pool: Pool) {
    super({ adapter: new PrismaPg(pool) });
  }
}
