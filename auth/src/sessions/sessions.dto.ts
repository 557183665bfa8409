import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { User } from '../users/users.dto.js';
import { Opaque } from '../validation/decorators.js';

export class Tokens {
  @ApiProperty()
  readonly accessToken!: string;

  @ApiProperty({ description: 'Good for one refresh' })
  readonly refreshToken!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds until the access token expires' })
  readonly expiresIn!: number;
}

export class SignedInUser extends Tokens {
  @ApiProperty()
  readonly user!: User;
}

export class RefreshRequest {
  @ApiProperty()
  @Opaque()
  readonly refreshToken!: string;
}

export class LogoutRequest extends RefreshRequest {
  @ApiPropertyOptional({ default: false, description: 'End all sessions of the user' })
  @IsOptional()
  @IsBoolean()
  readonly all?: boolean;
}

export class Session {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ type: 'string', nullable: true })
  readonly userAgent!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly ipAddress!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly lastUsedAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;

  @ApiProperty({ description: 'The session of this request' })
  readonly current!: boolean;
}

export interface SessionRecord {
  readonly id: string;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly createdAt: Date;
  readonly rotatedAt: Date;
  readonly expiresAt: Date;
}

export const toSession = (record: SessionRecord, currentId: string): Session => ({
  id: record.id,
  userAgent: record.userAgent,
  ipAddress: record.ipAddress,
  createdAt: record.createdAt.toISOString(),
  lastUsedAt: record.rotatedAt.toISOString(),
  expiresAt: record.expiresAt.toISOString(),
  current: record.id === currentId,
});
