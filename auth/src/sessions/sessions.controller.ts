import { Id } from '@bw/service-kit/http';
import { Answers, AnswersPage } from '@bw/service-kit/openapi';
import { PageQuery } from '@bw/service-kit/paging';
import { Caller, type Principal, SignedIn } from '@bw/service-kit/security';
import { Controller, Delete, Get, Query } from '@nestjs/common';
import { Session } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

@Controller('v1/users/me/sessions')
@SignedIn()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @AnswersPage(Session, 'The own sessions, newest first')
  list(@Caller() caller: Principal, @Query() query: PageQuery) {
    return this.sessions.list(caller, query);
  }

  @Delete()
  @Answers(204, undefined, 'Ends all own sessions, this one too')
  endAll(@Caller() caller: Principal) {
    return this.sessions.endAll(caller.userId);
  }

  @Delete(':id')
  @Answers(204, undefined, 'Ends one of the own sessions')
  endOne(@Caller() caller: Principal, @Id() sessionId: string) {
    return this.sessions.endOne(caller, sessionId);
  }
}
