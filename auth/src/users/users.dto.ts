import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUrl, MaxLength } from 'class-validator';
import { PersonName } from '../validation/decorators.js';

export const roles = ['USER', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

export class User {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ format: 'email' })
  readonly email!: string;

  @ApiProperty({ type: 'string', nullable: true })
  readonly firstName!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly lastName!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly avatar!: string | null;

  @ApiProperty({ description: 'The user has shown that the address is theirs' })
  readonly isVerified!: boolean;

  @ApiProperty({ enum: roles })
  readonly role!: Role;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

/** What users may change about themselves; null removes. */
export class ProfileChange {
  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptional()
  @PersonName()
  readonly firstName?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true })
  @IsOptional()
  @PersonName()
  readonly lastName?: string | null;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'An http or https address' })
  @IsOptional()
  @MaxLength(2_048)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true })
  readonly avatar?: string | null;
}

/** A user's row as far as anything outside the database may know it. */
export interface UserRecord {
  readonly id: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly avatar: string | null;
  readonly isVerified: boolean;
  readonly role: Role;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Field by field, so that a new column does not reach a client by accident. */
export function toUser(record: UserRecord): User {
  return {
    id: record.id,
    email: record.email,
    firstName: record.firstName,
    lastName: record.lastName,
    avatar: record.avatar,
    isVerified: record.isVerified,
    role: record.role,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  };
}
