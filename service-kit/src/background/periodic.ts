import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../logging/index.js';

interface Options {
  readonly name: string;
  /** Milliseconds at most between the end of one run and the start of the next. */
  readonly interval: number;
  /** Milliseconds before the first run, for what need not be done while a service starts; none when left out. */
  readonly delay?: number;
  readonly log: Log;
}

/** Does the same work again and again, one run at a time. A failure is logged when it begins and when it ends. */
export class Periodic {
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;
  private failing = false;

  constructor(
    private readonly options: Options,
    private readonly work: (stopped: AbortSignal) => Promise<void>,
  ) {}

  start(): void {
    this.running = this.loop();
  }

  /** Ends after the run that is under way, which can end early at the signal it was given. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopped;
    await this.sleep(this.options.delay ?? 0);
    while (!signal.aborted) {
      await this.runOnce();
      await this.sleep(this.pause());
    }
  }

  private sleep(milliseconds: number): Promise<void> {
    return wait(milliseconds, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  /** Up to a tenth shorter, so that replicas started together do not come to the database together for ever. */
  private pause(): number {
    return this.options.interval * (1 - Math.random() / 10);
  }

  private async runOnce(): Promise<void> {
    const { name, log } = this.options;
    try {
      await this.work(this.stopped.signal);
      if (this.failing) log.info({ name }, 'background work succeeds again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.warn({ name, err: error }, 'background work fails');
      this.failing = true;
    }
  }
}
