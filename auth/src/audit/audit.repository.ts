import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { type Database, PrismaService } from '../database/index.js';
import type { AuditQuery, AuditRecord } from './audit.dto.js';

type Filter = Omit<AuditQuery, 'limit' | 'cursor'>;

interface NewEvent {
  readonly action: string;
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly details?: object | undefined;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
}

@Injectable()
export class AuditRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** In plain SQL, for every log-in pays it. */
  async add(event: NewEvent, database: Database): Promise<void> {
    const { action, actorId, subjectId, details, ipAddress, userAgent, requestId } = event;
    await database.$executeRaw`
      INSERT INTO auth_schema.audit_events (id, action, actor_id, subject_id, details, ip_address, user_agent, request_id)
      VALUES (${uuid()}, ${action}, ${actorId}, ${subjectId}, ${details && JSON.stringify(details)}::jsonb,
              ${ipAddress}, ${userAgent}, ${requestId})`;
  }

  /** Newest first: ids begin with the time. */
  list({ subjectId, actorId, action }: Filter, limit: number, after?: string): Promise<AuditRecord[]> {
    const where = {
      ...(subjectId && { subjectId }),
      ...(actorId && { actorId }),
      ...(action && { action }),
      ...(after && { id: { lt: after } }),
    };
    return this.prisma.auditEvent.findMany({ where, orderBy: { id: 'desc' }, take: limit });
  }
}
