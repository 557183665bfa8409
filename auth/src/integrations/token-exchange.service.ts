import { ServiceError } from '@bw/service-kit/errors';
import { Injectable } from '@nestjs/common';
import { PasswordsService } from '../accounts/passwords.service.js';
import { AuditService } from '../audit/audit.service.js';
import { PrismaService, type Transaction } from '../database/index.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { UsersService } from '../users/users.service.js';
import { ExternalTokens, type ExternalUser } from './external-tokens.js';
import { IdentitiesRepository } from './identities.repository.js';
import { IntegrationsService } from './integrations.service.js';
import { accessTokenType, type ExchangedTokens, type TokenExchange } from './token-exchange.dto.js';

/** Exchanges a partner's ID token for our own tokens. */
@Injectable()
export class TokenExchangeService {
  constructor(
    private readonly integrations: IntegrationsService,
    private readonly externalTokens: ExternalTokens,
    private readonly identities: IdentitiesRepository,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    private readonly passwords: PasswordsService,
  ) {}

  async exchange(request: TokenExchange): Promise<ExchangedTokens> {
    try {
      return await this.exchangeOrRefuse(request);
    } catch (error) {
      if (error instanceof ServiceError && error.status < 500) {
        const details = { code: error.code };
        await this.audit.record(this.prisma, 'token_exchange_refused', { details });
      }
      throw error;
    }
  }

  private async exchangeOrRefuse(request: TokenExchange): Promise<ExchangedTokens> {
    const external = await this.verify(request);
    return this.prisma.$transaction(async (transaction) => {
      await this.identities.lock(external.issuer, external.subject, transaction);
      const user = await this.userOf(external, transaction);
      if (user.bannedAt || user.deletedAt) throw refused();
      await this.identities.link(external.issuer, external.subject, user.id, transaction);
      const details = { issuer: external.issuer };
      await this.audit.record(transaction, 'token_exchanged', {
        actorId: user.id,
        subjectId: user.id,
        details,
      });
      const tokens = await this.sessions.start({ id: user.id }, transaction);
      if (!tokens) throw refused();
      return {
        access_token: tokens.accessToken,
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        expires_in: tokens.expiresIn,
        refresh_token: tokens.refreshToken,
      };
    });
  }

  private async verify(request: TokenExchange): Promise<ExternalUser> {
    const origin = this.externalTokens.claimedOrigin(request.subject_token);
    const integration = origin && (await this.integrations.findActive(origin, request.client_id));
    if (!integration) throw refused();
    if (!this.integrations.acceptsSecret(integration, request.client_secret)) {
      throw new ServiceError(401, 'invalid_client', 'The secret of the partner is missing or wrong.');
    }
    const external = await this.externalTokens.verify(request.subject_token, integration);
    if (!external) throw refused();
    return external;
  }

  /** Issuer and subject decide. An address links to an existing account only where the issuer has verified it. */
  private async userOf(external: ExternalUser, transaction: Transaction) {
    const known = await this.identities.findUser(external.issuer, external.subject, transaction);
    // Whoever deleted the account may begin anew, as by signing up; a ban is not got rid of like that.
    if (known && (known.bannedAt || !known.deletedAt)) return known;
    if (!external.email || !external.isEmailVerified) {
      throw new ServiceError(
        400,
        'email_not_verified',
        'The issuer has not verified the address of this user.',
      );
    }
    const owner = await this.users.lockByEmail(external.email, transaction);
    if (!owner) return this.create(external, external.email, transaction);
    await this.audit.record(transaction, 'identity_linked', { actorId: owner.id, subjectId: owner.id });
    return owner.isVerified ? owner : this.passwords.reclaim(owner.id, 'identity_linked', transaction);
  }

  private async create({ firstName, lastName }: ExternalUser, email: string, transaction: Transaction) {
    const user = await this.users.create({ email, isVerified: true, firstName, lastName }, transaction);
    await this.audit.record(transaction, 'signed_up', { actorId: user.id, subjectId: user.id });
    return user;
  }
}

const refused = () => new ServiceError(400, 'invalid_grant', 'The token is not one that is accepted here.');
