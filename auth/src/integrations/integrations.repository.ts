import { ConflictError, NotFoundError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { type Database, PrismaService } from '../database/index.js';
import { Prisma, type ThirdPartyIntegration } from '../generated/prisma/client.js';

@Injectable()
export class IntegrationsRepository {
  constructor(private readonly prisma: PrismaService) {}

  list(limit: number, after?: string): Promise<ThirdPartyIntegration[]> {
    return this.prisma.thirdPartyIntegration.findMany({
      ...(after && { where: { id: { lt: after } } }),
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  find(id: string, database: Database = this.prisma): Promise<ThirdPartyIntegration | null> {
    return database.thirdPartyIntegration.findUnique({ where: { id } });
  }

  /** Locks the row, so that what is decided on it still holds when it is written. */
  async lock(id: string, database: Database): Promise<ThirdPartyIntegration | null> {
    await database.$executeRaw`SELECT FROM auth_schema.third_party_integrations WHERE id = ${id} FOR UPDATE`;
    return this.find(id, database);
  }

  findActive(issuer: string, audiences: readonly string[]): Promise<ThirdPartyIntegration[]> {
    return this.prisma.thirdPartyIntegration.findMany({
      where: { issuer, audience: { in: [...audiences] }, isActive: true },
    });
  }

  create(data: Prisma.ThirdPartyIntegrationCreateInput, database: Database): Promise<ThirdPartyIntegration> {
    return named(() => database.thirdPartyIntegration.create({ data }));
  }

  update(
    id: string,
    data: Prisma.ThirdPartyIntegrationUpdateInput,
    database: Database,
  ): Promise<ThirdPartyIntegration> {
    return named(() => database.thirdPartyIntegration.update({ where: { id }, data }));
  }

  remove(id: string, database: Database): Promise<ThirdPartyIntegration> {
    return named(() => database.thirdPartyIntegration.delete({ where: { id } }));
  }
}

/** Prisma's codes in our words. */
async function named<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined;
    if (code === 'P2002')
      throw new ConflictError('This name, or this issuer and audience, is registered already.');
    if (code === 'P2025') throw integrationNotFound();
    throw error;
  }
}

export const integrationNotFound = () =>
  new NotFoundError('There is no such integration.', 'integration_not_found');
