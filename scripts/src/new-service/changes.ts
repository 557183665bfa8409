import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@bw/migrations/errors';
import { layoutOf } from '../dev/layout.js';
import { isAlive } from '../processes/index.js';
import type { Draft } from './template.js';

interface Journal {
  pid: number;
  /** Paths that something is about to happen to; those that are there are in `before/` as they were. */
  paths: string[];
  /** The process group of the tool that writes to them. */
  tool?: number | undefined;
}

/**
 * Changes to a repository that are all made or all undone: also when the process is killed, by the next one. What was
 * is copied aside before it is touched.
 */
export class Changes {
  private readonly folder: string;
  private readonly journal: Journal = { pid: process.pid, paths: [] };

  private constructor(private readonly root: string) {
    this.folder = folderOf(root);
  }

  static async begin(root: string): Promise<Changes> {
    await undoInterrupted(root);
    const changes = new Changes(root);
    await changes.writeJournal();
    return changes;
  }

  /** To be called before a path is made, changed or removed. */
  async touch(path: string): Promise<void> {
    if (this.journal.paths.some((known) => path === known || path.startsWith(`${known}/`))) return;
    const from = join(this.root, path);
    if (existsSync(from)) await cp(from, join(this.folder, 'before', path), copying);
    this.journal.paths.push(path);
    await this.writeJournal();
  }

  async write({ path, text, mode }: Draft): Promise<void> {
    await this.touch(path);
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), text, mode === undefined ? {} : { mode });
  }

  async remove(path: string): Promise<void> {
    await this.touch(path);
    await rm(join(this.root, path), { recursive: true, force: true });
  }

  /** A tool is about to write. It may outlive this process, and whoever undoes its work then waits for it. */
  async startTool(group: number | undefined): Promise<void> {
    this.journal.tool = group;
    await this.writeJournal();
  }

  keep(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  undo(): Promise<void> {
    return undo(this.root, this.journal);
  }

  private async writeJournal(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = journalOf(this.root);
    await writeFile(`${file}.new`, JSON.stringify(this.journal));
    await rename(`${file}.new`, file);
  }
}

const copying = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };

const folderOf = (root: string): string => layoutOf(root).changes;
const journalOf = (root: string): string => join(folderOf(root), 'journal.json');

async function undoInterrupted(root: string): Promise<void> {
  const file = journalOf(root);
  if (!existsSync(file)) return;
  const journal: Journal = JSON.parse(await readFile(file, 'utf8'));
  if (isAlive(journal.pid))
    throw new UserError('BUSY', `Another such command is at work (process ${journal.pid}).`, {
      hint: 'Wait for it to end.',
    });
  await endOf(journal.tool);
  await undo(root, journal);
}

async function endOf(group: number | undefined): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (group && isAlive(-group) && Date.now() < deadline) await sleep(50);
}

async function undo(root: string, { paths }: Journal): Promise<void> {
  for (const path of paths.toReversed()) {
    const before = join(folderOf(root), 'before', path);
    await rm(join(root, path), { recursive: true, force: true });
    if (existsSync(before)) await cp(before, join(root, path), copying);
  }
  await rm(folderOf(root), { recursive: true, force: true });
}
