import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Equals, IsOptional, IsString, Length } from 'class-validator';

export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const idTokenType = 'urn:ietf:params:oauth:token-type:id_token';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** RFC 8693, section 2.1. */
export class TokenExchange {
  @ApiProperty({ enum: [exchangeGrant] })
  @Equals(exchangeGrant)
  readonly grant_type!: string;

  @ApiProperty({ description: 'The partner’s ID token' })
  @IsString()
  @Length(1, 8_192)
  readonly subject_token!: string;

  @ApiProperty({ enum: [idTokenType] })
  @Equals(idTokenType)
  readonly subject_token_type!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly client_id?: string;

  @ApiPropertyOptional({ description: 'Where the partner has one' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  readonly client_secret?: string;
}

/** RFC 8693, section 2.2.1. */
export class ExchangedTokens {
  @ApiProperty()
  readonly access_token!: string;

  @ApiProperty({ enum: [accessTokenType] })
  readonly issued_token_type!: string;

  @ApiProperty({ enum: ['Bearer'] })
  readonly token_type!: 'Bearer';

  @ApiProperty({ type: 'integer' })
  readonly expires_in!: number;

  @ApiProperty()
  readonly refresh_token!: string;
}
