import { IsId } from '@bw/service-kit/http';
import { type Page, PageQuery } from '@bw/service-kit/paging';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { Author } from '../authors/author.dto.js';
import { type DeleteResult, deleteOutcomes, type PostView } from './post.js';
import { type PostSort, postSorts } from './post-list.js';

/** One form for the same text, whatever the client's system: composed characters, plain line ends, no outer space. */
const Normalized = () => Transform(({ value }) => (typeof value === 'string' ? normalize(value) : value));
const normalize = (text: string) => text.normalize().replaceAll('\r\n', '\n').trim();

/** The empty braille pattern is a symbol to Unicode. */
const Visible = () =>
  Matches(/[^\p{Cc}\p{Cf}\p{Z}\u2800]/u, { message: '$property must have a visible character' });

const Line = (min: number, max: number) =>
  applyDecorators(
    Normalized(),
    IsString(),
    Length(min, max),
    Matches(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, {
      message: '$property must be one line without control characters',
    }),
    Visible(),
  );

const Article = (min: number, max: number) =>
  applyDecorators(
    Normalized(),
    IsString(),
    Length(min, max),
    Matches(/^(?:[\n\t]|[^\p{Cc}\p{Cs}])*$/u, { message: '$property must not contain control characters' }),
    Visible(),
  );

const HttpsUrls = () =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(10),
    IsString({ each: true }),
    MaxLength(2_048, { each: true }),
    IsUrl(
      { protocols: ['https'], require_protocol: true, disallow_auth: true },
      { each: true, message: 'each of $property must be an https URL' },
    ),
    // Without the slashes it is a relative one to a browser on an https page.
    Matches(/^https:\/\//i, { each: true, message: 'each of $property must be an https URL' }),
  );

export class CreatePost {
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @Line(1, 200)
  readonly title!: string;

  @ApiProperty({ minLength: 1, maxLength: 50_000 })
  @Article(1, 50_000)
  readonly content!: string;

  @ApiPropertyOptional({ type: [String], maxItems: 10, description: 'https URLs' })
  @ValidateIf((_, value) => value !== undefined)
  @HttpsUrls()
  readonly images?: string[];
}

/** What is absent stays as it is; null is not absent. */
export class UpdatePost extends PartialType(CreatePost, { skipNullProperties: false }) {}

export class ListPosts extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsId()
  readonly authorId?: string;

  @ApiPropertyOptional({ enum: postSorts, description: 'Newest first by default; not together with `q`' })
  @IsOptional()
  @IsIn(postSorts)
  readonly sort?: PostSort;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 200,
    description:
      'Words to find, best match first; the last may be incomplete. Only the newest 200 matches are ranked and listed',
  })
  @IsOptional()
  @Line(1, 200)
  readonly q?: string;
}

/** For transports that have no path to put it in. */
export class PostId {
  @IsId()
  readonly id!: string;
}

export class BatchDelete {
  @ApiProperty({ type: [String], format: 'uuid', minItems: 1, maxItems: 100 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsId({ each: true })
  readonly ids!: string[];
}

export class PostResponse {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly title!: string;

  @ApiProperty()
  readonly content!: string;

  @ApiProperty({ type: [String] })
  readonly images!: readonly string[];

  @ApiProperty({ type: Author, nullable: true })
  readonly author!: Author | null;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

class BatchDeleteResult {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ enum: deleteOutcomes })
  readonly outcome!: DeleteResult['outcome'];
}

export class BatchDeleteResponse {
  @ApiProperty({ type: [BatchDeleteResult] })
  readonly results!: readonly BatchDeleteResult[];
}

export function toPostResponse(post: PostView): PostResponse {
  return {
    id: post.id,
    title: post.title,
    content: post.content,
    images: post.images,
    author: post.author,
    createdAt: post.createdAt,
    updatedAt: post.updatedAt,
  };
}

export function toPostPage({ data, page }: Page<PostView>): Page<PostResponse> {
  return { data: data.map(toPostResponse), page };
}
