import type { Prisma, PrismaClient } from '../generated/prisma/client.js';

export { PrismaService } from './prisma.service.js';

/** What runs in one transaction. */
export type Transaction = Prisma.TransactionClient;
/** A transaction where there is one, the client itself where one statement is enough. */
export type Database = Transaction | PrismaClient;
