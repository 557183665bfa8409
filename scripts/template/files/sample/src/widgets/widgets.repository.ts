import { Injectable } from '@nestjs/common';
import { PrismaService } from '../database/prisma.service.js';
import type { Actor, WidgetContent, WidgetRow } from './widget.js';

/** Who may write is part of the statement that writes. */
@Injectable()
export class WidgetsRepository {
  constructor(private readonly prisma: PrismaService) {}

  find(id: string): Promise<WidgetRow | null> {
    return this.prisma.widget.findUnique({ where: { id } });
  }

  /** Newest first. What came before is skipped in the index, so a late page costs what the first does. */
  page(createdBy: string | undefined, limit: number, before?: string): Promise<WidgetRow[]> {
    return this.prisma.widget.findMany({
      where: { createdBy, id: { lt: before } },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  create(content: WidgetContent, actor: Actor): Promise<WidgetRow> {
    return this.prisma.widget.create({ data: { ...content, createdBy: actor.id } });
  }

  /** Nothing when there is none, or not the actor's. */
  async update(id: string, changes: Partial<WidgetContent>, actor: Actor): Promise<WidgetRow | undefined> {
    const [row] = await this.prisma.widget.updateManyAndReturn({
      where: { id, ...owned(actor) },
      data: { ...changes, updatedAt: new Date() },
    });
    return row;
  }

  async delete(id: string, actor: Actor): Promise<boolean> {
    const { count } = await this.prisma.widget.deleteMany({ where: { id, ...owned(actor) } });
    return count > 0;
  }
}

const owned = (actor: Actor) => (actor.isAdmin ? {} : { createdBy: actor.id });
