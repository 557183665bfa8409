import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '@bw/migrations/services';
import { PidFile, terminate } from '../processes/index.js';
import { envFileOf, type Layout, logOf } from './layout.js';
import { valuesOf } from './settings.js';
import { Standby, type Waiting } from './standby.js';

/**
 * As in the image: Node lets the young objects of a busy service take 32 MB, from 24 on 128 MB, before it frees any; with
 * 8 MB it answers as many requests. How much garbage it lets the old ones gather depends on how many they may be: here as
 * many as in a container of 512 MB. Arguments, so that a NODE_OPTIONS of the developer's own does not replace them.
 */
export const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=4', '--max-old-space-size=256'];

/** As in the image: glibc would keep what the threads that hash passwords have freed, 19 MiB a thread. */
export const allocatorSettings = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576' };

/** Two seconds of drain are enough where the next start waits for it. */
const patience = 2_000;

/** A service that ends sooner than this failed to start; starting it again would fail again. */
const startup = 5_000;

/** The bundle starts faster and takes less memory; after an edit there is none until the next `yarn build`. */
export function mainOf(service: Pick<Service, 'folder'>): string {
  const bundled = join(service.folder, 'bundle/main.js');
  return existsSync(bundled) ? bundled : compiledMainOf(service);
}

export const compiledMainOf = ({ folder }: Pick<Service, 'folder'>): string => join(folder, 'dist/main.js');

/** Whichever of the two it was started from. */
const markOf = ({ folder }: Service): string => join(folder, '/');

export const pidFileOf = (layout: Layout, service: Service): PidFile =>
  new PidFile(join(layout.run, `${service.name}.pid`), markOf(service));

/** Whether it was started before its settings became what they are. */
export function isOutdated(layout: Layout, service: Service): boolean {
  const changed = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const started = changed(pidFileOf(layout, service).file);
  return started !== undefined && started < (changed(envFileOf(layout, service.name)) ?? 0);
}

/** One service as a local process; started again when it dies after it had worked. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private readonly pidFile: PidFile;
  private readonly standby: Standby;

  constructor(
    private readonly layout: Layout,
    readonly service: Service,
    private readonly log: (line: string) => void,
  ) {
    this.pidFile = pidFileOf(layout, service);
    this.standby = new Standby(
      (waiting) => this.launch(compiledMainOf(service), waiting),
      [envFileOf(layout, service.name), layout.installed],
    );
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  start(): void {
    const child = this.standby.take() ?? this.launch(mainOf(this.service));
    this.child = child;
    if (child.pid) this.pidFile.write(child.pid);
    const { name } = this.service;
    const began = Date.now();
    child.once('error', (error) => this.log(`${name} cannot be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      this.ended(child, Date.now() - began, signal ?? `exit code ${code}`),
    );
    this.log(`${name} started (process ${child.pid})`);
    this.standby.prepareSoon();
  }

  /** For when a restart is likely: what was edited is being compiled meanwhile. */
  prepareRestart(): void {
    this.standby.prepare();
  }

  /** For when another service is about to restart. */
  giveWay(): void {
    this.standby.giveWay();
  }

  async restart(): Promise<void> {
    await this.end();
    this.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.end(), this.standby.discard()]);
  }

  private launch(main: string, waiting?: Waiting): ChildProcess {
    const { name, folder } = this.service;
    const output = openSync(logOf(this.layout, name), 'a');
    const child = spawn(process.execPath, [...nodeFlags, ...(waiting?.nodeArguments ?? []), main], {
      cwd: folder,
      env: {
        ...allocatorSettings,
        // Node 22 and newer then start from compiled code; older ones take no notice.
        NODE_COMPILE_CACHE: this.layout.cache,
        ...process.env,
        ...valuesOf(envFileOf(this.layout, name)),
      },
      stdio: ['ignore', output, output, ...(waiting?.stdio ?? [])],
    });
    closeSync(output);
    return child;
  }

  private async end(): Promise<void> {
    const child = this.child;
    if (!child?.pid) return;
    this.child = undefined;
    const exit = once(child, 'exit');
    await terminate({ pid: child.pid, mark: markOf(this.service) }, 'SIGTERM', patience);
    await exit;
    this.pidFile.remove();
  }

  private ended(child: ChildProcess, lived: number, how: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    const isWorthATry = lived > startup;
    this.log(
      `${this.service.name} ended (${how}); ${isWorthATry ? 'starting it again' : 'waiting for a change'}`,
    );
    if (isWorthATry) this.start();
  }
}
