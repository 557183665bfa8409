import { type UserEvent, UserEventsServiceClient } from '@bw/contracts/user-events';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { ServiceIdentity } from '@bw/service-kit/security';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PostConfig } from '../config.js';

const pageSize = 200;

/** The log of user events that auth keeps. */
@Injectable()
export class UserEventLog implements OnModuleDestroy {
  private readonly client: UserEventsServiceClient;

  constructor({ AUTH_GRPC_ADDRESS: address }: PostConfig, identity: ServiceIdentity) {
    this.client = connectService(UserEventsServiceClient, {
      address,
      callee: 'auth',
      identity,
      deadline: 5_000,
    });
  }

  async after(afterSequence: number): Promise<UserEvent[]> {
    const { events } = await callUnary<{ events: UserEvent[] }>((done) =>
      this.client.listUserEvents({ afterSequence, pageSize }, done),
    );
    return events;
  }

  onModuleDestroy(): void {
    this.client.close();
  }
}
