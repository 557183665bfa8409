import { PageQuery } from '@bw/service-kit/paging';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { type Role, roles, toUser, User, type UserRecord } from '../users/users.dto.js';
import { MayBeMissing } from '../validation/decorators.js';

export class UserSearch extends PageQuery {
  @ApiPropertyOptional({ description: 'The beginning of the address, first or last name' })
  @IsOptional()
  @Matches(/^[^\p{Cc}\p{Cs}]{1,100}$/u, {
    message: 'q must be up to 100 characters, none of them control characters',
  })
  readonly q?: string;

  @ApiPropertyOptional({ enum: roles })
  @IsOptional()
  @IsIn(roles)
  readonly role?: Role;

  @ApiPropertyOptional()
  @IsOptional()
  @Flag()
  readonly isVerified?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @Flag()
  readonly isBanned?: boolean;

  @ApiPropertyOptional({ default: false, description: 'Deleted users instead of the others' })
  @IsOptional()
  @Flag()
  readonly isDeleted?: boolean;
}

export class UserChange {
  @ApiPropertyOptional({ enum: roles, description: 'Ends the sessions of the user' })
  @MayBeMissing()
  @IsIn(roles)
  readonly role?: Role;

  @ApiPropertyOptional({ description: 'Ends the sessions of the user' })
  @MayBeMissing()
  @IsBoolean()
  readonly isBanned?: boolean;
}

/** A user as administrators see them. */
export class ManagedUser extends User {
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly bannedAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly deletedAt!: string | null;
}

export interface ManagedUserRecord extends UserRecord {
  readonly bannedAt: Date | null;
  readonly deletedAt: Date | null;
}

export const toManagedUser = (record: ManagedUserRecord): ManagedUser => ({
  ...toUser(record),
  bannedAt: record.bannedAt?.toISOString() ?? null,
  deletedAt: record.deletedAt?.toISOString() ?? null,
});

/** `true` and `false` as words; other text, which JavaScript would take for true, is refused. */
function Flag(): PropertyDecorator {
  const words = new Map<unknown, boolean>([
    ['true', true],
    ['false', false],
  ]);
  const parse = Transform(({ value }) => words.get(value) ?? value);
  const check = IsBoolean();
  return (target, key) => {
    parse(target, key);
    check(target, key);
  };
}
