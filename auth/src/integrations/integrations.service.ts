import { randomBytes, timingSafeEqual } from 'node:crypto';
import { InvalidInputError } from '@bw/service-kit/errors';
import { decodeCursor, encodeCursor, type Page, type PageQuery, toPage } from '@bw/service-kit/paging';
import type { Principal } from '@bw/service-kit/security';
import { Injectable } from '@nestjs/common';
import { v7 as uuid, validate } from 'uuid';
import { AuditService } from '../audit/audit.service.js';
import { AuthConfig } from '../config/index.js';
import { PrismaService } from '../database/index.js';
import { Vault } from '../encryption/vault.js';
import {
  type Integration,
  type IntegrationChange,
  type IntegrationRecord,
  issuerAfter,
  issuerOf,
  type NewIntegration,
  toIntegration,
} from './integrations.dto.js';
import { IntegrationsRepository, integrationNotFound } from './integrations.repository.js';
import { isHttps } from './published-keys.js';

@Injectable()
export class IntegrationsService {
  constructor(
    private readonly integrations: IntegrationsRepository,
    private readonly vault: Vault,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly config: AuthConfig,
  ) {}

  async list({ limit, cursor }: PageQuery): Promise<Page<Integration>> {
    const after = cursor === undefined ? undefined : decodeCursor('integrations', cursor, isUuid);
    const rows = await this.integrations.list(limit + 1, after);
    return toPage(rows, limit, {
      item: (row) => toIntegration(row),
      cursor: (last) => encodeCursor('integrations', last.id),
    });
  }

  async get(id: string): Promise<Integration> {
    const found = await this.integrations.find(id);
    if (!found) throw integrationNotFound();
    return toIntegration(found);
  }

  async create(caller: Principal, { withSecret, ...wanted }: NewIntegration): Promise<Integration> {
    const id = uuid();
    const issuer = issuerOf(wanted);
    this.refuseInsecure({ issuer, jwksUri: wanted.jwksUri });
    const secret = withSecret ? newSecret() : undefined;
    return this.prisma.$transaction(async (transaction) => {
      const created = await this.integrations.create(
        { ...wanted, id, issuer, ...(secret && { clientSecret: this.seal(id, secret) }) },
        transaction,
      );
      await this.audit.record(transaction, 'integration_created', {
        actorId: caller.userId,
        details: { id },
      });
      return toIntegration(created, secret);
    });
  }

  /** A new secret is given where one is asked for; the one before it stays valid until the next. */
  async change(
    caller: Principal,
    id: string,
    { withSecret, ...wanted }: IntegrationChange,
  ): Promise<Integration> {
    this.refuseInsecure({ issuer: wanted.issuer, jwksUri: wanted.jwksUri });
    const secret = withSecret ? newSecret() : undefined;
    return this.prisma.$transaction(async (transaction) => {
      const before = await this.integrations.lock(id, transaction);
      if (!before) throw integrationNotFound();
      const secrets = secret && {
        clientSecret: this.seal(id, secret),
        previousClientSecret: before.clientSecret,
      };
      const without = withSecret === false ? { clientSecret: null, previousClientSecret: null } : {};
      const issuer = issuerAfter(before, wanted);
      const data = { ...wanted, issuer, ...secrets, ...without };
      const changed = await this.integrations.update(id, data, transaction);
      const action = secret ? 'integration_secret_rotated' : 'integration_updated';
      await this.audit.record(transaction, action, { actorId: caller.userId, details: { id } });
      return toIntegration(changed, secret);
    });
  }

  async remove(caller: Principal, id: string): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await this.integrations.remove(id, transaction);
      await this.audit.record(transaction, 'integration_deleted', {
        actorId: caller.userId,
        details: { id },
      });
    });
  }

  /** Whose token this is. One for several partners of ours is nobody's until `clientId` says whose. */
  async findActive(
    { issuer, audiences }: { issuer: string; audiences: readonly string[] },
    clientId: string | undefined,
  ): Promise<IntegrationRecord | undefined> {
    const found = await this.integrations.findActive(issuer, audiences);
    const wanted = found.filter(({ id }) => clientId === undefined || id === clientId);
    return wanted.length === 1 ? wanted[0] : undefined;
  }

  acceptsSecret(integration: IntegrationRecord, given: string | undefined): boolean {
    const sealed = [integration.clientSecret, integration.previousClientSecret].filter(
      (secret) => secret !== null,
    );
    if (sealed.length === 0) return true;
    return sealed.some((secret) =>
      isSame(this.vault.decrypt(secret, sealedFor(integration.id)), given ?? ''),
    );
  }

  private seal(id: string, secret: string): string {
    return this.vault.encrypt(secret, sealedFor(id));
  }

  private refuseInsecure(addresses: Record<string, string | null | undefined>): void {
    if (this.config.NODE_ENV !== 'production') return;
    const insecure = Object.entries(addresses).filter(([, address]) => address && !isHttps(address));
    if (insecure.length === 0) return;
    throw new InvalidInputError(
      insecure.map(([field]) => ({ pointer: `/${field}`, message: `${field} must be an https address` })),
    );
  }
}

const newSecret = () => randomBytes(32).toString('base64url');
const sealedFor = (id: string) => `integration:${id}`;
const isUuid = (key: unknown): key is string => validate(key);

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
