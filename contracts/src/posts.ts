/** The operations of /v1/posts for other services; post answers (proto/post/v1/posts.proto). */
export {
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
  Post,
  PostsServiceClient,
  type PostsServiceServer,
  PostsServiceService as postsServiceDefinition,
  type RestorePostRequest,
  type UpdatePostRequest,
} from './generated/post/v1/posts.js';
