import { IsId } from '@bw/service-kit/http';
import { PageQuery } from '@bw/service-kit/paging';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { type AuditAction, auditActions } from './audit-actions.js';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Whom it was done to' })
  @IsOptional()
  @IsId()
  readonly subjectId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Who did it' })
  @IsOptional()
  @IsId()
  readonly actorId?: string;

  @ApiPropertyOptional({ enum: auditActions })
  @IsOptional()
  @IsIn(auditActions)
  readonly action?: AuditAction;
}

export class AuditEvent {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ enum: auditActions })
  readonly action!: string;

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Null where nobody was signed in',
  })
  readonly actorId!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Null where there is no such user',
  })
  readonly subjectId!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly ipAddress!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly userAgent!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'As in the log and in x-request-id' })
  readonly requestId!: string | null;

  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true })
  readonly details!: unknown;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}

export interface AuditRecord extends Omit<AuditEvent, 'createdAt'> {
  readonly createdAt: Date;
}

export const toAuditEvent = (record: AuditRecord): AuditEvent => ({
  id: record.id,
  action: record.action,
  actorId: record.actorId,
  subjectId: record.subjectId,
  ipAddress: record.ipAddress,
  userAgent: record.userAgent,
  requestId: record.requestId,
  details: record.details,
  createdAt: record.createdAt.toISOString(),
});
