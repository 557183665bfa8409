import { type UserEvent, UserEventsServiceClient } from '@bw/contracts/user-events';
import { callUnary, connectService } from '@bw/service-kit/grpc';
import { ServiceIdentity } from '@bw/service-kit/security';
import { type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PostConfig } from '../config.js';

const fullPage = 200;

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

  /** Up to a full page; fewer where those would be more than fits into one message. */
  async after(afterSequence: number): Promise<UserEvent[]> {
    for (let pageSize = fullPage; ; pageSize = Math.floor(pageSize / 2)) {
      try {
        return await this.page(afterSequence, pageSize);
      } catch (error) {
        if (pageSize === 1 || (error as GrpcError).code !== status.RESOURCE_EXHAUSTED) throw error;
      }
    }
  }

  onModuleDestroy(): void {
    this.client.close();
  }

  private async page(afterSequence: number, pageSize: number): Promise<UserEvent[]> {
    const { events } = await callUnary<{ events: UserEvent[] }>((done) =>
      this.client.listUserEvents({ afterSequence, pageSize }, done),
    );
    return events;
  }
}
