import { Module } from '@nestjs/common';
import { AuthorsModule } from '../authors/authors.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { PostListsService } from './post-lists.service.js';
import { PostsController } from './posts.controller.js';
import { PostsGrpcController } from './posts.grpc.controller.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';
import { SearchRepository } from './search.repository.js';

@Module({
  imports: [AuthorsModule, IdempotencyModule],
  controllers: [PostsController, PostsGrpcController],
  providers: [PostsService, PostListsService, PostsRepository, SearchRepository],
  exports: [PostsService],
})
export class PostsModule {}
