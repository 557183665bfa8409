import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Min } from 'class-validator';

const largest = 100;
const usual = 20;

/** `limit` and `cursor` of every list, to extend. More than the largest page is answered with the largest. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: largest, default: usual })
  @IsOptional()
  @Transform(({ value }) => capped(value))
  @IsInt()
  @Min(1)
  readonly limit: number = usual;

  @ApiPropertyOptional({ description: '`page.next` of the page before, with the other arguments unchanged' })
  @IsOptional()
  @IsString()
  @Length(1, 1_000)
  readonly cursor?: string;
}

/** The part of a list's answer that says how to go on. */
export class PagePosition {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The cursor of the next page; null on the last one',
  })
  readonly next!: string | null;

  @ApiProperty({ type: 'integer' })
  readonly limit!: number;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly page: PagePosition;
}

/** Makes a page of `limit + 1` rows asked for: the one too many tells that there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  options: { item: (row: Row) => Item; cursor: (last: Row) => string },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? options.cursor(last) : null;
  return { data: shown.map(options.item), page: { next, limit } };
}

function capped(value: unknown): unknown {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? Math.min(number, largest) : number;
}
