import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { build } from './build.js';
import { envFileOf, layout } from './layout.js';
import { allocatorSettings, compiledMainOf, nodeFlags } from './service-process.js';
import { valuesOf } from './settings.js';
import { SourceWatch } from './source-watch.js';
import { Standby, type Waiting } from './standby.js';
import { foldersBehind } from './workspaces.js';

/** How long a stopping service may take before an edit's restart goes ahead. */
const patience = 2_000;

/** Runs the service in whose folder it was started and restarts it when its sources change: a container's process. */
class ContainedService {
  private child: ChildProcess | undefined;
  private readonly standby: Standby;
  private work = Promise.resolve();

  constructor(
    private readonly name: string,
    readonly folder: string,
  ) {
    this.standby = new Standby(
      (waiting) => this.launch(waiting),
      [envFileOf(layout, name), layout.installed],
    );
  }

  async run(): Promise<void> {
    const folders = foldersBehind(layout.root, this.name);
    const watch = new SourceWatch(layout.root, (changed) => this.queue(() => this.rebuild(changed)));
    for (const folder of folders) await watch.add(folder);
    await build(layout.root, folders, console.error);
    this.start();
  }

  stop(): void {
    this.queue(async () => {
      await Promise.all([this.end(), this.standby.discard()]);
      process.exit(0);
    });
  }

  /** The other service's container may have compiled the change already, so there is nothing to be read from that. */
  private async rebuild(folders: string[]): Promise<void> {
    this.standby.prepare();
    const built = await build(layout.root, folders, console.error);
    if (!built) return;
    console.log(`${folders.join(', ')} changed`);
    await this.end();
    this.start();
  }

  private start(): void {
    const child = this.standby.take() ?? this.launch();
    this.child = child;
    child.once('exit', (code) => this.ended(child, code));
    this.standby.prepareSoon();
  }

  /** Never from a bundle: another service's container, which shares the folders, may be taking it away just then. */
  private launch(waiting?: Waiting): ChildProcess {
    const settings = valuesOf(envFileOf(layout, this.name));
    const args = [...nodeFlags, ...(waiting?.nodeArguments ?? []), compiledMainOf(this)];
    return spawn(process.execPath, args, {
      cwd: this.folder,
      env: { ...allocatorSettings, ...settings, ...process.env },
      stdio: ['inherit', 'inherit', 'inherit', ...(waiting?.stdio ?? [])],
    });
  }

  private ended(child: ChildProcess, code: number | null): void {
    if (this.child !== child) return;
    this.child = undefined;
    console.log(`${this.name} ended (exit code ${code}); waiting for a change`);
  }

  private async end(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), patience);
    await exit;
    clearTimeout(forced);
  }

  private queue(work: () => Promise<void>): void {
    this.work = this.work.then(work).catch((error: unknown) => console.error(String(error)));
  }
}

const service = new ContainedService(basename(process.cwd()), process.cwd());
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => service.stop());
await service.run();
