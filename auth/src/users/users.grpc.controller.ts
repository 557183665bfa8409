import { type GetUserSummariesRequest, UserState, type UserSummary } from '@bw/contracts/users';
import { InvalidInputError } from '@bw/service-kit/errors';
import { GrpcController } from '@bw/service-kit/grpc';
import { GrpcMethod } from '@nestjs/microservices';
import { type UserSummaryRow, UsersService } from './users.service.js';

const most = 100;

/** What other services may know about users, for a whole page of ids in one statement. */
@GrpcController()
export class UsersGrpcController {
  constructor(private readonly users: UsersService) {}

  @GrpcMethod('UsersService', 'getUserSummaries')
  async getUserSummaries({ ids }: GetUserSummariesRequest) {
    const distinct = [...new Set(ids)];
    if (distinct.length > most)
      throw new InvalidInputError([{ pointer: '/ids', message: `at most ${most}` }]);
    const rows = await this.users.summaries(distinct);
    return { users: rows.map(toSummary) };
  }
}

function toSummary(row: UserSummaryRow): UserSummary {
  const state = stateOf(row);
  if (state !== UserState.ACTIVE) return { id: row.id, state };
  return {
    id: row.id,
    state,
    firstName: row.first_name ?? undefined,
    lastName: row.last_name ?? undefined,
    avatar: row.avatar ?? undefined,
  };
}

function stateOf({ deleted, banned }: UserSummaryRow): UserState {
  if (deleted) return UserState.DELETED;
  return banned ? UserState.BANNED : UserState.ACTIVE;
}
