import { Periodic } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UserEventsService } from './user-events.service.js';

/** Half of the two seconds within which an ended session is refused, as an answer takes time, too. */
const interval = 900;

@Injectable()
export class UserEventsWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly refusing: Periodic;
  private readonly storing: Periodic;
  private readonly noticing: Periodic;

  constructor(
    private readonly events: UserEventsService,
    log: Log,
  ) {
    this.refusing = new Periodic({ name: 'ended sessions', interval, log }, () =>
      events.refuseEndedSessions(),
    );
    this.storing = new Periodic({ name: 'user events', interval, log }, () => events.catchUp());
    this.noticing = new Periodic({ name: 'inbox', interval, log }, async () => {
      await events.takeNotice();
      await events.hideLatePosts();
    });
  }

  /** What is in the inbox counts from the first request on; where it cannot be read yet, no request comes either. */
  async onApplicationBootstrap(): Promise<void> {
    await this.events.takeNotice().catch(() => undefined);
    this.refusing.start();
    this.storing.start();
    this.noticing.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.refusing.stop(), this.storing.stop(), this.noticing.stop()]);
  }
}
