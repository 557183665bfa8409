import { Periodic, purge } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PostConfig } from '../config.js';
import { UserEventsService } from '../events/user-events.service.js';
import { IdempotencyService } from '../idempotency/idempotency.service.js';
import { PostsService } from '../posts/posts.service.js';

const minute = 60_000;
const hourly = 60 * minute;
const daily = 24 * hourly;

/** Removes for good what nobody can ask for any more. */
@Injectable()
export class PurgeWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly purging: Periodic;

  constructor(
    private readonly posts: PostsService,
    private readonly idempotency: IdempotencyService,
    private readonly events: UserEventsService,
    private readonly config: PostConfig,
    log: Log,
  ) {
    this.purging = new Periodic({ name: 'purge', interval: hourly, delay: minute, log }, (stopped) =>
      this.purge(Date.now(), stopped),
    );
  }

  onApplicationBootstrap(): void {
    this.purging.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.purging.stop();
  }

  async purge(now = Date.now(), stopped?: AbortSignal): Promise<void> {
    const daysAgo = (days: number) => new Date(now - days * daily);
    const postsBefore = daysAgo(this.config.DELETED_POSTS_DAYS);
    await purge(
      [
        (limit) => this.posts.purge(postsBefore, limit),
        // A client that repeats a request does so within minutes; a day is what Stripe and the IETF draft keep.
        (limit) => this.idempotency.purge(daysAgo(1), limit),
        (limit) => this.events.purge(daysAgo(30), limit),
      ],
      stopped,
    );
    // Last: it needs auth.
    await this.posts.purgeHidden(postsBefore, stopped);
  }
}
