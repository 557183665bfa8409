import { ApiProperty } from '@nestjs/swagger';

export const authorStates = ['active', 'deleted', 'banned', 'unavailable'] as const;
export type AuthorState = (typeof authorStates)[number];

/** Who wrote a post, as far as it is known here. */
export class Author {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly firstName!: string | null;

  @ApiProperty({ type: String, nullable: true })
  readonly lastName!: string | null;

  @ApiProperty({ type: String, nullable: true })
  readonly avatar!: string | null;

  @ApiProperty({ enum: authorStates, description: '`unavailable`: what is shown may be old or missing' })
  readonly state!: AuthorState;
}
