import { AnswersPage } from '@bw/service-kit/openapi';
import { Roles } from '@bw/service-kit/security';
import { Controller, Get, Query } from '@nestjs/common';
import { AuditEvent, AuditQuery } from './audit.dto.js';
import { AuditService } from './audit.service.js';

@Controller('v1/audit-events')
@Roles('ADMIN')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @AnswersPage(AuditEvent, 'Who did what to whom, newest first')
  list(@Query() query: AuditQuery) {
    return this.audit.list(query);
  }
}
