/** What other services may know about users; auth answers (proto/auth/v1/users.proto). */
export {
  type GetUserSummariesRequest,
  type GetUserSummariesResponse,
  UserState,
  type UserSummary,
  UsersServiceClient,
  type UsersServiceServer,
  UsersServiceService as usersServiceDefinition,
} from './generated/auth/v1/users.js';
