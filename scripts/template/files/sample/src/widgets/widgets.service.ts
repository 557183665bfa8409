import type { ServiceError } from '@bw/service-kit/errors';
import { decodeCursor, encodeCursor, type Page, toPage } from '@bw/service-kit/paging';
import { Injectable } from '@nestjs/common';
import type { Actor, WidgetContent, WidgetRow } from './widget.js';
import type { ListWidgets } from './widgets.dto.js';
import { NoChangeError, NotYourWidgetError, WidgetNotFoundError } from './widgets.errors.js';
import { WidgetsRepository } from './widgets.repository.js';

@Injectable()
export class WidgetsService {
  constructor(private readonly widgets: WidgetsRepository) {}

  async list({ createdBy, limit, cursor }: ListWidgets): Promise<Page<WidgetRow>> {
    const scope = { createdBy };
    const before = cursor === undefined ? undefined : decodeCursor(scope, cursor, isId);
    const rows = await this.widgets.page(createdBy, limit + 1, before);
    return toPage(rows, limit, { item: (row) => row, cursor: (last) => encodeCursor(scope, last.id) });
  }

  create(content: WidgetContent, actor: Actor): Promise<WidgetRow> {
    return this.widgets.create(content, actor);
  }

  async get(id: string): Promise<WidgetRow> {
    const row = await this.widgets.find(id);
    if (!row) throw new WidgetNotFoundError();
    return row;
  }

  async update(id: string, changes: Partial<WidgetContent>, actor: Actor): Promise<WidgetRow> {
    if (Object.values(changes).every((value) => value === undefined)) throw new NoChangeError();
    const row = await this.widgets.update(id, changes, actor);
    if (!row) throw await this.refusal(id);
    return row;
  }

  async delete(id: string, actor: Actor): Promise<void> {
    if (!(await this.widgets.delete(id, actor))) throw await this.refusal(id);
  }

  /** Why a write found nothing. */
  private async refusal(id: string): Promise<ServiceError> {
    return (await this.widgets.find(id)) ? new NotYourWidgetError() : new WidgetNotFoundError();
  }
}

const isId = (key: unknown): key is string => typeof key === 'string' && /^[\x21-\x7e]{1,64}$/.test(key);
