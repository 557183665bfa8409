import { once } from 'node:events';
import { findServices, type Service } from '@bw/migrations/services';
import { build } from './build.js';
import { type Layout, layout } from './layout.js';
import { isOutdated, ServiceProcess } from './service-process.js';
import { SourceWatch } from './source-watch.js';
import { foldersBehind } from './workspaces.js';

/** Runs every service and restarts those whose sources change. A process of its own: ./dev.sh starts it and returns. */
class Supervisor {
  private readonly services = new Map<string, ServiceProcess>();
  private readonly watch: SourceWatch;
  private work = Promise.resolve();
  private readonly stopping = new AbortController();
  private readonly stopped = once(this.stopping.signal, 'abort').then(() => undefined);
  private compiling: Promise<string[] | undefined> = Promise.resolve(undefined);

  constructor(private readonly layout: Layout) {
    this.watch = new SourceWatch(layout.root, (folders) => this.queue(() => this.rebuild(folders)));
  }

  /** Also the way to pick up a new service, one that ended or has new settings, and to let go of one that is gone. */
  followServices(): void {
    this.queue(async () => {
      const services = findServices(this.layout.root);
      await this.stopOthers(services);
      await Promise.all(services.map((service) => this.follow(service)));
      for (const name of this.services.keys())
        for (const folder of foldersBehind(this.layout.root, name)) await this.watch.add(folder);
    });
  }

  /** What is being compiled starts nothing any more, but is not left behind either. */
  stop(): void {
    this.stopping.abort();
    this.queue(async () => {
      await Promise.all([...this.services.values()].map((service) => service.stop()));
      await this.compiling;
      log('stopped');
      process.exit(0);
    });
  }

  private async follow(service: Service): Promise<void> {
    const running = this.services.get(service.name) ?? new ServiceProcess(this.layout, service, log);
    this.services.set(service.name, running);
    if (isOutdated(this.layout, service)) await running.stop();
    if (!running.isRunning) running.start();
  }

  private async stopOthers(services: Service[]): Promise<void> {
    for (const [name, running] of this.services) {
      if (services.some((service) => service.name === name)) continue;
      this.services.delete(name);
      await running.stop();
    }
  }

  private async rebuild(folders: string[]): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const soon = this.builtFrom(folders);
    for (const service of this.services.values())
      if (soon.includes(service)) service.prepareRestart();
      else service.giveWay();
    this.compiling = build(this.layout.root, folders, log);
    const built = (await Promise.race([this.compiling, this.stopped])) ?? [];
    const concerned = this.builtFrom(built);
    if (concerned.length > 0) log(`${built.join(', ')} changed`);
    await Promise.all(concerned.map((service) => service.restart()));
  }

  private builtFrom(folders: string[]): ServiceProcess[] {
    const isConcerned = ({ service }: ServiceProcess) =>
      foldersBehind(this.layout.root, service.name).some((folder) => folders.includes(folder));
    return [...this.services.values()].filter(isConcerned);
  }

  /** One thing at a time: a change during a restart waits for it. */
  private queue(work: () => Promise<void>): void {
    this.work = this.work.then(work).catch((error: unknown) => log(String(error)));
  }
}

function log(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

const supervisor = new Supervisor(layout);
supervisor.followServices();
process.on('SIGHUP', () => supervisor.followServices());
process.on('SIGINT', () => supervisor.stop());
process.on('SIGTERM', () => supervisor.stop());
