import { Id } from '@bw/service-kit/http';
import { Answers, AnswersPage } from '@bw/service-kit/openapi';
import { Caller, type Principal, Public, SignedIn } from '@bw/service-kit/security';
import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { IdempotencyKey } from '../idempotency/idempotency-key.js';
import { actorOf, type Versions } from './post.js';
import { type Answer, AnswersPost, Conditional, IfMatch, WithEtag } from './post-etag.js';
import { PostListsService } from './post-lists.service.js';
import {
  BatchDelete,
  BatchDeleteResponse,
  CreatePost,
  ListPosts,
  PostResponse,
  toPostPage,
  UpdatePost,
} from './posts.dto.js';
import { PostsService } from './posts.service.js';

@Controller('v1/posts')
export class PostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly lists: PostListsService,
  ) {}

  @Get()
  @Public()
  @AnswersPage(PostResponse, 'Posts, newest first, or sorted or searched')
  list(@Query() query: ListPosts) {
    return this.lists.list(query).then(toPostPage);
  }

  @Post()
  @SignedIn()
  @AnswersPost(201, 'The new post')
  create(
    @Body() body: CreatePost,
    @Caller() caller: Principal,
    @WithEtag() answer: Answer,
    @IdempotencyKey() key?: string,
  ) {
    return this.posts.create(body, actorOf(caller), key).then(answer);
  }

  @Get(':id')
  @Public()
  @Conditional()
  @AnswersPost(200, 'The post')
  get(@Id() id: string, @WithEtag() answer: Answer) {
    return this.posts.get(id).then(answer);
  }

  @Patch(':id')
  @SignedIn()
  @AnswersPost(200, 'The changed post')
  update(
    @Id() id: string,
    @Body() body: UpdatePost,
    @Caller() caller: Principal,
    @WithEtag() answer: Answer,
    @IfMatch() versions?: Versions,
  ) {
    return this.posts.update(id, body, actorOf(caller), versions).then(answer);
  }

  @Delete(':id')
  @SignedIn()
  @Answers(204, undefined, 'The post is deleted; it can be restored for some weeks')
  delete(@Id() id: string, @Caller() caller: Principal, @IfMatch() versions?: Versions) {
    return this.posts.delete(id, actorOf(caller), versions);
  }

  @Post(':id/restore')
  @SignedIn()
  @AnswersPost(200, 'The restored post')
  @ApiResponse({
    status: 409,
    description: 'A post taken down with its author comes back with the author (post_hidden_with_author)',
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath('Problem') } } },
  })
  restore(@Id() id: string, @Caller() caller: Principal, @WithEtag() answer: Answer) {
    return this.posts.restore(id, actorOf(caller)).then(answer);
  }

  @Post('batch-delete')
  @SignedIn()
  @Answers(200, BatchDeleteResponse, 'What became of each')
  batchDelete(@Body() body: BatchDelete, @Caller() caller: Principal, @IdempotencyKey() key?: string) {
    return this.posts.batchDelete(body.ids, actorOf(caller), key).then((results) => ({ results }));
  }
}
