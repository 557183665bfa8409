import {
  type ListUserEventsRequest,
  type UserEvent,
  UserEventType,
  UserState,
} from '@bw/contracts/user-events';
import { InvalidInputError } from '@bw/service-kit/errors';
import { GrpcController } from '@bw/service-kit/grpc';
import { GrpcMethod } from '@nestjs/microservices';
import { type OutgoingEventRow, OutgoingEventsService } from './outgoing-events.service.js';

/** The log of what happened to users, from any replica. */
@GrpcController()
export class UserEventsGrpcController {
  constructor(private readonly events: OutgoingEventsService) {}

  @GrpcMethod('UserEventsService', 'listUserEvents')
  async listUserEvents({ afterSequence, pageSize }: ListUserEventsRequest) {
    if (pageSize < 0 || pageSize > 500) {
      throw new InvalidInputError([{ pointer: '/pageSize', message: 'must be between 0 and 500' }]);
    }
    const rows = await this.events.listAfter(String(afterSequence), pageSize || 100);
    return { events: rows.map(toUserEvent) };
  }
}

function toUserEvent(row: OutgoingEventRow): UserEvent {
  return {
    sequence: Number(row.sequence),
    userId: row.user_id,
    type: isKey(UserEventType, row.type) ? UserEventType[row.type] : UserEventType.UNSPECIFIED,
    state: isKey(UserState, row.state) ? UserState[row.state] : UserState.UNSPECIFIED,
    occurredAt: row.occurred_at,
    endedSessionIds: row.ended_session_ids,
    tokensExpireAt: row.tokens_expire_at ?? undefined,
  };
}

const isKey = <T extends object>(object: T, key: PropertyKey): key is keyof T => key in object;
