import { IsId } from '@bw/service-kit/http';
import { type Page, PageQuery } from '@bw/service-kit/paging';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import type { WidgetRow } from './widget.js';

/** One form for the same text, whatever the client's system: composed characters, plain line ends, no outer space. */
const normalize = (text: string) => text.normalize().replaceAll('\r\n', '\n').trim();

export class CreateWidget {
  @ApiProperty({ minLength: 1, maxLength: 10_000 })
  @Transform(({ value }) => (typeof value === 'string' ? normalize(value) : value))
  @IsString()
  @Length(1, 10_000)
  @Matches(/^(?:[\n\t]|[^\p{Cc}\p{Cs}])*$/u, { message: '$property must not contain control characters' })
  readonly text!: string;
}

/** What is absent stays as it is; null is not absent. */
export class UpdateWidget extends PartialType(CreateWidget, { skipNullProperties: false }) {}

export class ListWidgets extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'The user whose are listed' })
  @IsOptional()
  @IsId()
  readonly createdBy?: string;
}

/** For transports that have no path to put it in. */
export class WidgetId {
  @IsId()
  readonly id!: string;
}

export class WidgetResponse {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly text!: string;

  @ApiProperty({ description: 'The user who created it' })
  readonly createdBy!: string;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

export function toWidgetResponse(row: WidgetRow): WidgetResponse {
  return {
    id: row.id,
    text: row.text,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toWidgetPage({ data, page }: Page<WidgetRow>): Page<WidgetResponse> {
  return { data: data.map(toWidgetResponse), page };
}
