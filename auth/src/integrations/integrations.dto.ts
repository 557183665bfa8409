import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, IsUrl, Length, ValidateIf } from 'class-validator';
import { MayBeMissing } from '../validation/decorators.js';

export const issuerKinds = ['OIDC', 'FIREBASE'] as const;
export type IssuerKind = (typeof issuerKinds)[number];

const firebaseIssuer = 'https://securetoken.google.com/';

export class NewIntegration {
  @ApiProperty({ description: 'What the integration is called here' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  @ApiProperty({ enum: issuerKinds })
  @IsIn(issuerKinds)
  readonly kind!: IssuerKind;

  @ApiPropertyOptional({
    description: 'The `iss` of the partner’s tokens; for Firebase it follows from the project',
  })
  @ValidateIf(({ kind, issuer }) => kind === 'OIDC' || issuer !== undefined)
  @IsUrl({ protocols: ['https', 'http'], require_protocol: true, require_tld: false })
  readonly issuer?: string;

  @ApiProperty({ description: 'The `aud` of the partner’s tokens; for Firebase the project’s id' })
  @IsString()
  @Length(1, 200)
  readonly audience!: string;

  @ApiPropertyOptional({
    description: 'Where the issuer’s keys are, if not where its discovery document says',
  })
  @MayBeMissing()
  @IsUrl({ protocols: ['https', 'http'], require_protocol: true, require_tld: false })
  readonly jwksUri?: string;

  @ApiPropertyOptional({ default: true })
  @MayBeMissing()
  @IsBoolean()
  readonly isActive?: boolean;

  @ApiPropertyOptional({
    default: false,
    description: 'Give the partner a secret that it must send with each exchange',
  })
  @MayBeMissing()
  @IsBoolean()
  readonly withSecret?: boolean;
}

export class IntegrationChange extends PartialType(OmitType(NewIntegration, ['jwksUri']), {
  skipNullProperties: false,
}) {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Where the issuer’s keys are; null for where its discovery document says',
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsUrl({ protocols: ['https', 'http'], require_protocol: true, require_tld: false })
  readonly jwksUri?: string | null;
}

export class Integration {
  @ApiProperty({ format: 'uuid', description: 'Also the partner’s client_id' })
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: issuerKinds })
  readonly kind!: IssuerKind;

  @ApiProperty()
  readonly issuer!: string;

  @ApiProperty()
  readonly audience!: string;

  @ApiProperty({ type: 'string', nullable: true })
  readonly jwksUri!: string | null;

  @ApiProperty()
  readonly isActive!: boolean;

  @ApiProperty({ description: 'Exchanges need the secret' })
  readonly hasSecret!: boolean;

  @ApiPropertyOptional({ description: 'Shown once, when it is made; the one before it stays valid' })
  readonly clientSecret?: string;
}

export interface IntegrationRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: IssuerKind;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string | null;
  readonly isActive: boolean;
  readonly clientSecret: string | null;
  readonly previousClientSecret: string | null;
}

export const toIntegration = (record: IntegrationRecord, newSecret?: string): Integration => ({
  id: record.id,
  name: record.name,
  kind: record.kind,
  issuer: record.issuer,
  audience: record.audience,
  jwksUri: record.jwksUri,
  isActive: record.isActive,
  hasSecret: record.clientSecret !== null,
  ...(newSecret && { clientSecret: newSecret }),
});

/** Where a change leaves the issuer unsaid: a Firebase project's follows the project. */
export function issuerAfter(
  before: Pick<IntegrationRecord, 'kind' | 'issuer' | 'audience'>,
  { kind = before.kind, audience = before.audience, issuer }: IntegrationChange,
): string {
  const wasDerived = before.kind !== 'FIREBASE' || before.issuer === `${firebaseIssuer}${before.audience}`;
  return issuer ?? (kind === 'FIREBASE' && wasDerived ? issuerOf({ kind, audience }) : before.issuer);
}

export const issuerOf = ({
  kind,
  issuer,
  audience,
}: {
  kind: IssuerKind;
  issuer?: string | undefined;
  audience: string;
}) => issuer ?? (kind === 'FIREBASE' ? `${firebaseIssuer}${audience}` : '');
