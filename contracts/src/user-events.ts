/** The log of what happened to users; auth answers (proto/auth/v1/user_events.proto). */
export {
  type ListUserEventsRequest,
  type ListUserEventsResponse,
  type UserEvent,
  UserEventsServiceClient,
  type UserEventsServiceServer,
  UserEventsServiceService as userEventsServiceDefinition,
  UserEventType,
} from './generated/auth/v1/user_events.js';
export { UserState } from './generated/auth/v1/users.js';
