import { Periodic } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UserEventsService } from './user-events.service.js';

/** Half of the two seconds within which an ended session is refused: one replica stores, the others notice. */
const interval = 900;

@Injectable()
export class UserEventsWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly storing: Periodic;
  private readonly noticing: Periodic;

  constructor(
    private readonly events: UserEventsService,
    log: Log,
  ) {
    this.storing = new Periodic({ name: 'user events', interval, log }, () => events.catchUp());
    this.noticing = new Periodic({ name: 'inbox', interval, log }, async () => {
      await events.takeNotice();
      await events.hideLatePosts();
    });
  }

  /** What is in the inbox counts from the first request on; where it cannot be read yet, no request comes either. */
  async onApplicationBootstrap(): Promise<void> {
    await this.events.takeNotice().catch(() => undefined);
    this.storing.start();
    this.noticing.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.storing.stop(), this.noticing.stop()]);
  }
}
