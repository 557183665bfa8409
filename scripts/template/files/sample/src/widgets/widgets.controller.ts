import { Id } from '@bw/service-kit/http';
import { Answers, AnswersPage } from '@bw/service-kit/openapi';
import { Caller, type Principal, Public, SignedIn } from '@bw/service-kit/security';
import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { actorOf } from './widget.js';
import {
  CreateWidget,
  ListWidgets,
  toWidgetPage,
  toWidgetResponse,
  UpdateWidget,
  WidgetResponse,
} from './widgets.dto.js';
import { WidgetsService } from './widgets.service.js';

@Controller('v1/widgets')
export class WidgetsController {
  constructor(private readonly widgets: WidgetsService) {}

  @Get()
  @Public()
  @AnswersPage(WidgetResponse, 'All of them or those of one user, newest first')
  list(@Query() query: ListWidgets) {
    return this.widgets.list(query).then(toWidgetPage);
  }

  @Post()
  @SignedIn()
  @Answers(201, WidgetResponse, 'The new one')
  create(@Body() body: CreateWidget, @Caller() caller: Principal) {
    return this.widgets.create(body, actorOf(caller)).then(toWidgetResponse);
  }

  @Get(':id')
  @Public()
  @Answers(200, WidgetResponse, 'The one with this id')
  get(@Id() id: string) {
    return this.widgets.get(id).then(toWidgetResponse);
  }

  @Patch(':id')
  @SignedIn()
  @Answers(200, WidgetResponse, 'The changed one')
  update(@Id() id: string, @Body() body: UpdateWidget, @Caller() caller: Principal) {
    return this.widgets.update(id, body, actorOf(caller)).then(toWidgetResponse);
  }

  @Delete(':id')
  @SignedIn()
  @Answers(204, undefined, 'It is deleted')
  delete(@Id() id: string, @Caller() caller: Principal) {
    return this.widgets.delete(id, actorOf(caller));
  }
}
