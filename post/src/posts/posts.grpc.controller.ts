import {
  AuthorState,
  BatchDeleteOutcome,
  type BatchDeletePostsRequest,
  type BatchDeletePostsResponse,
  type CreatePostRequest,
  type DeletePostRequest,
  type DeletePostResponse,
  type GetPostRequest,
  type ListPostsRequest,
  type ListPostsResponse,
  Post as PostMessage,
  type RestorePostRequest,
  type UpdatePostRequest,
} from '@bw/contracts/posts';
import { UnauthenticatedError } from '@bw/service-kit/errors';
import { callOf, GrpcController } from '@bw/service-kit/grpc';
import { checkInput } from '@bw/service-kit/http';
import { AccessTokens } from '@bw/service-kit/security';
import type { Metadata } from '@grpc/grpc-js';
import { GrpcMethod } from '@nestjs/microservices';
import { checkIdempotencyKey } from '../idempotency/idempotency-key.js';
import { type Actor, actorOf, type DeleteResult, type PostView } from './post.js';
import { PostListsService } from './post-lists.service.js';
import { BatchDelete, CreatePost, ListPosts, PostId, UpdatePost } from './posts.dto.js';
import { PostsService } from './posts.service.js';

const service = 'PostsService';

/** The operations of /v1/posts for other services, with the same checks and rules. */
@GrpcController()
export class PostsGrpcController {
  constructor(
    private readonly posts: PostsService,
    private readonly lists: PostListsService,
    private readonly tokens: AccessTokens,
  ) {}

  @GrpcMethod(service, 'createPost')
  async create({ idempotencyKey, ...request }: CreatePostRequest, metadata: Metadata): Promise<PostMessage> {
    const actor = await this.actor(metadata);
    const content = await checkInput(CreatePost, request);
    return toMessage(await this.posts.create(content, actor, checkIdempotencyKey(idempotencyKey)));
  }

  @GrpcMethod(service, 'getPost')
  async get(request: GetPostRequest): Promise<PostMessage> {
    const { id } = await checkInput(PostId, request);
    return toMessage(await this.posts.get(id));
  }

  @GrpcMethod(service, 'listPosts')
  async list({ limit, query, ...request }: ListPostsRequest): Promise<ListPostsResponse> {
    const input = present({ ...request, limit: limit || undefined, q: query });
    const { data, page } = await this.lists.list(await checkInput(ListPosts, input), fitting);
    return { posts: data.map(toMessage), next: page.next ?? undefined };
  }

  @GrpcMethod(service, 'updatePost')
  async update(request: UpdatePostRequest, metadata: Metadata): Promise<PostMessage> {
    const actor = await this.actor(metadata);
    const { title, content, images } = request;
    const { id } = await checkInput(PostId, request);
    const changes = await checkInput(UpdatePost, present({ title, content, images: images?.urls }));
    return toMessage(await this.posts.update(id, changes, actor, versions(request)));
  }

  @GrpcMethod(service, 'deletePost')
  async delete(request: DeletePostRequest, metadata: Metadata): Promise<DeletePostResponse> {
    const actor = await this.actor(metadata);
    const { id } = await checkInput(PostId, request);
    await this.posts.delete(id, actor, versions(request));
    return {};
  }

  @GrpcMethod(service, 'restorePost')
  async restore(request: RestorePostRequest, metadata: Metadata): Promise<PostMessage> {
    const actor = await this.actor(metadata);
    const { id } = await checkInput(PostId, request);
    return toMessage(await this.posts.restore(id, actor));
  }

  @GrpcMethod(service, 'batchDeletePosts')
  async batchDelete(request: BatchDeletePostsRequest, metadata: Metadata): Promise<BatchDeletePostsResponse> {
    const actor = await this.actor(metadata);
    const { ids } = await checkInput(BatchDelete, request);
    const results = await this.posts.batchDelete(ids, actor, checkIdempotencyKey(request.idempotencyKey));
    return { results: results.map(({ id, outcome }) => ({ id, outcome: outcomes[outcome] })) };
  }

  /** The user's rights decide, whichever service calls. */
  private async actor(metadata: Metadata): Promise<Actor> {
    const { userToken } = callOf(metadata);
    if (!userToken) throw new UnauthenticatedError();
    return actorOf(await this.tokens.verify(userToken));
  }
}

/** Bytes of posts on a page. Callers take messages of 4 MiB, and a hundred of the longest posts have more than 20. */
const largestPage = 3 * 1024 * 1024;

function fitting(posts: readonly PostView[]): number {
  let bytes = 0;
  for (const [index, post] of posts.entries()) {
    bytes += PostMessage.encode(toMessage(post)).finish().length;
    if (bytes > largestPage) return Math.max(1, index);
  }
  return posts.length;
}

const versions = ({ expectedVersion }: { expectedVersion?: number | undefined }) =>
  expectedVersion === undefined ? undefined : [expectedVersion];

const present = (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));

const outcomes: Readonly<Record<DeleteResult['outcome'], BatchDeleteOutcome>> = {
  deleted: BatchDeleteOutcome.DELETED,
  not_found: BatchDeleteOutcome.NOT_FOUND,
  forbidden: BatchDeleteOutcome.FORBIDDEN,
  changed: BatchDeleteOutcome.UNSPECIFIED,
};

const states = {
  active: AuthorState.ACTIVE,
  deleted: AuthorState.DELETED,
  banned: AuthorState.BANNED,
  unavailable: AuthorState.UNAVAILABLE,
} as const;

function toMessage({ author, createdBy, createdAt, updatedAt, ...post }: PostView): PostMessage {
  return {
    ...post,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    author: author
      ? {
          id: author.id,
          firstName: author.firstName ?? undefined,
          lastName: author.lastName ?? undefined,
          avatar: author.avatar ?? undefined,
          state: states[author.state],
        }
      : undefined,
  };
}
