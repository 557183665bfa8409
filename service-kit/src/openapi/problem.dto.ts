import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class Fault {
  @ApiProperty({ description: 'JSON pointer into the input' })
  readonly pointer!: string;

  @ApiProperty()
  readonly message!: string;
}

/** RFC 9457, as the document describes it. */
export class Problem {
  @ApiProperty()
  readonly type!: string;

  @ApiProperty()
  readonly title!: string;

  @ApiProperty({ type: 'integer' })
  readonly status!: number;

  @ApiProperty()
  readonly detail!: string;

  @ApiProperty({ description: 'Stays the same whatever the wording' })
  readonly code!: string;

  @ApiProperty()
  readonly requestId!: string;

  @ApiPropertyOptional({ type: [Fault] })
  readonly errors?: Fault[];
}
