import { Id } from '@bw/service-kit/http';
import { Answers, AnswersPage } from '@bw/service-kit/openapi';
import { Caller, type Principal, Roles } from '@bw/service-kit/security';
import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ManagedUser, UserChange, UserSearch } from './administration.dto.js';
import { AdministrationService } from './administration.service.js';

@Controller('v1/users')
@Roles('ADMIN')
export class AdministrationController {
  constructor(private readonly administration: AdministrationService) {}

  @Get()
  @AnswersPage(ManagedUser, 'Users, newest first')
  search(@Query() search: UserSearch) {
    return this.administration.search(search);
  }

  @Get(':id')
  @Answers(200, ManagedUser, 'One user, deleted or not')
  get(@Id() id: string) {
    return this.administration.get(id);
  }

  @Patch(':id')
  @Answers(200, ManagedUser, 'Changes the role, bans or lifts a ban')
  change(@Caller() caller: Principal, @Id() id: string, @Body() change: UserChange) {
    return this.administration.change(caller, id, change);
  }

  @Delete(':id')
  @Answers(204, undefined, 'Deletes the user, who can be restored')
  remove(@Caller() caller: Principal, @Id() id: string) {
    return this.administration.remove(caller, id);
  }

  @Post(':id/restore')
  @Answers(200, ManagedUser, 'The user, restored')
  restore(@Caller() caller: Principal, @Id() id: string) {
    return this.administration.restore(caller, id);
  }

  @Delete(':id/sessions')
  @Answers(204, undefined, 'Ends all sessions of the user')
  endSessions(@Caller() caller: Principal, @Id() id: string) {
    return this.administration.endSessions(caller, id);
  }
}
