import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';

/** How long a program runs before its successor is prepared, in milliseconds, so that its own start has the processor. */
const startup = { usual: 1_000, unprepared: 3_000 };

/** What a process is started with in order to wait: preload.js and a channel over which it is told to go on. */
export interface Waiting {
  nodeArguments: string[];
  stdio: Extract<StdioOptions, unknown[]>;
}

const waiting: Waiting = {
  nodeArguments: ['--import', import.meta.resolve('./preload.js')],
  stdio: ['ipc'],
};

/**
 * The next process of a service. It has loaded the packages the service uses, which takes most of a start, and loads the
 * service's own code once it is taken: so a restart after an edit is quick, and runs what was just compiled.
 */
export class Standby {
  private child: ChildProcess | undefined;
  private isLoaded = false;
  private preparation: NodeJS.Timeout | undefined;
  private since = 0;
  private delay = startup.usual;

  constructor(
    private readonly launch: (waiting: Waiting) => ChildProcess,
    /** A process that was prepared before one of these changed is of no use. */
    private readonly inputs: string[],
  ) {}

  prepareSoon(): void {
    clearTimeout(this.preparation);
    this.preparation = setTimeout(() => this.prepare(), this.delay).unref();
  }

  /** For where the restart is near: what is left to load when it comes is less than all. */
  prepare(): void {
    clearTimeout(this.preparation);
    if (this.child) return;
    this.since = Date.now();
    this.isLoaded = false;
    const child = this.launch(waiting);
    const forget = () => {
      if (this.child === child) this.child = undefined;
    };
    child.once('exit', forget).once('error', forget);
    child.once('message', () => {
      if (this.child === child) this.isLoaded = true;
    });
    this.child = child;
  }

  /** The process, which from now on is the service; none if there is none that would do. */
  take(): ChildProcess | undefined {
    clearTimeout(this.preparation);
    this.delay = startup.usual;
    const child = this.child;
    if (!child?.connected) return undefined;
    if (this.inputs.some((file) => modified(file) >= this.since)) {
      void this.discard();
      return undefined;
    }
    this.child = undefined;
    if (!this.isLoaded) this.delay = startup.unprepared;
    // Should it have ended just now, its exit tells.
    child.send('go', () => undefined);
    return child;
  }

  /** For while another service restarts: what has not loaded all by then begins anew when that is over. */
  giveWay(): void {
    if (this.child && this.isLoaded) return;
    void this.discard();
    this.delay = startup.unprepared;
    this.prepareSoon();
  }

  async discard(): Promise<void> {
    clearTimeout(this.preparation);
    const child = this.child;
    this.child = undefined;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

const modified = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
