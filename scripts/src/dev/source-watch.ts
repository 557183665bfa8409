import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** How long after the last event a save is taken to be over: editors write a file in several steps. */
const settling = 60;

/**
 * Calls back with the names of the folders in which something changed. Watches every folder on its own, because that
 * alone survives editors that replace files and works alike on Linux and macOS.
 */
export class SourceWatch {
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly root: string,
    private readonly onChange: (workspaces: string[]) => void,
  ) {}

  /** Watches a workspace's sources, also in folders that appear later. */
  async add(workspace: string): Promise<void> {
    for (const part of ['src', 'prisma']) await this.addTree(workspace, join(this.root, workspace, part));
  }

  private async addTree(workspace: string, folder: string): Promise<void> {
    if (isGenerated(folder)) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (!entries) return this.forget(folder);
    this.watchFolder(workspace, folder);
    const folders = entries.filter((entry) => entry.isDirectory());
    await Promise.all(folders.map((entry) => this.addTree(workspace, join(folder, entry.name))));
  }

  private watchFolder(workspace: string, folder: string): void {
    if (this.watchers.has(folder)) return;
    const watcher = watch(folder, (event, name) => {
      const path = join(folder, name ?? '');
      if (isGenerated(path)) return;
      this.note(workspace);
      // What was renamed or made anew has to be watched anew.
      if (event === 'rename') this.forget(path);
      void this.addTree(workspace, path);
    });
    watcher.on('error', () => this.forget(folder));
    this.watchers.set(folder, watcher);
  }

  private forget(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  private note(workspace: string): void {
    this.changed.add(workspace);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const workspaces = [...this.changed];
      this.changed.clear();
      this.onChange(workspaces);
    }, settling);
  }
}

const isGenerated = (path: string): boolean => path.split(sep).includes('generated');
