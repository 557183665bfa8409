import { currentContext } from '@bw/service-kit/context';
import { decodeCursor, encodeCursor, type Page, toPage } from '@bw/service-kit/paging';
import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';
import type { Database } from '../database/index.js';
import { type AuditEvent, type AuditQuery, toAuditEvent } from './audit.dto.js';
import { AuditRepository } from './audit.repository.js';
import type { AuditAction } from './audit-actions.js';

export type { AuditAction } from './audit-actions.js';

interface Who {
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly details?: Record<string, string | number | boolean>;
}

@Injectable()
export class AuditService {
  constructor(private readonly events: AuditRepository) {}

  /** Records who did what to whom, in the transaction of the deed: neither is kept without the other. */
  record(database: Database, action: AuditAction, { actorId, subjectId, details }: Who): Promise<void> {
    const { ipAddress, userAgent, requestId } = currentContext() ?? {};
    return this.events.add(
      { action, actorId, subjectId, details, ipAddress, userAgent, requestId },
      database,
    );
  }

  async list({ limit, cursor, ...filter }: AuditQuery): Promise<Page<AuditEvent>> {
    const scope = ['audit-events', filter];
    const after = cursor === undefined ? undefined : decodeCursor(scope, cursor, isUuid);
    const rows = await this.events.list(filter, limit + 1, after);
    return toPage(rows, limit, { item: toAuditEvent, cursor: (last) => encodeCursor(scope, last.id) });
  }
}

const isUuid = (key: unknown): key is string => validate(key);
