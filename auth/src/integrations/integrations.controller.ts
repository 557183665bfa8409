import { Id } from '@bw/service-kit/http';
import { Answers, AnswersPage } from '@bw/service-kit/openapi';
import { PageQuery } from '@bw/service-kit/paging';
import { Caller, type Principal, Roles } from '@bw/service-kit/security';
import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { Integration, IntegrationChange, NewIntegration } from './integrations.dto.js';
import { IntegrationsService } from './integrations.service.js';

@Controller('v1/integrations')
@Roles('ADMIN')
export class IntegrationsController {
  constructor(private readonly integrations: IntegrationsService) {}

  @Get()
  @AnswersPage(Integration, 'Partners, newest first')
  list(@Query() query: PageQuery) {
    return this.integrations.list(query);
  }

  @Post()
  @Answers(201, Integration, 'Registers a partner')
  create(@Caller() caller: Principal, @Body() integration: NewIntegration) {
    return this.integrations.create(caller, integration);
  }

  @Get(':id')
  @Answers(200, Integration, 'One partner')
  get(@Id() id: string) {
    return this.integrations.get(id);
  }

  @Patch(':id')
  @Answers(200, Integration, 'The partner, changed; withSecret gives it a new secret')
  change(@Caller() caller: Principal, @Id() id: string, @Body() change: IntegrationChange) {
    return this.integrations.change(caller, id, change);
  }

  @Delete(':id')
  @Answers(204, undefined, 'Removes the partner; its users keep their accounts')
  remove(@Caller() caller: Principal, @Id() id: string) {
    return this.integrations.remove(caller, id);
  }
}
