import { Periodic, purge } from '@bw/service-kit/background';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuthConfig } from '../config/index.js';
import { OutdatedRowsRepository, type TableWithEnds } from './outdated-rows.repository.js';

const minute = 60_000;
const hourly = 60 * minute;
const daily = 24 * hourly;

/** Removes for good what nobody can ask for any more, hourly, from any replica. */
@Injectable()
export class PurgeWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly purging: Periodic;

  constructor(
    private readonly outdated: OutdatedRowsRepository,
    private readonly config: AuthConfig,
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
    const removals = Object.entries(this.daysKept()).map(([table, days]) => {
      const moment = new Date(now - days * daily);
      return (limit: number) => this.outdated.remove(table as TableWithEnds, moment, limit);
    });
    await purge(removals, stopped);
  }

  /** How long rows are kept after their end. */
  private daysKept(): Record<TableWithEnds, number> {
    return {
      one_time_tokens: 0,
      attempt_counters: 0,
      signing_keys: 0,
      sessions: this.config.ENDED_SESSIONS_DAYS,
      mails: this.config.SENT_MAILS_DAYS,
      outgoing_events: this.config.USER_EVENTS_DAYS,
      audit_events: this.config.AUDIT_EVENTS_DAYS,
      users: this.config.DELETED_USERS_DAYS,
    };
  }
}
