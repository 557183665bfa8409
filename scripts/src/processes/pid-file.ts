import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ProcessMark, runs } from './process.js';

/** Remembers a process across commands. A file left by a crash, or whose pid is another's by now, counts as none. */
export class PidFile {
  constructor(
    readonly file: string,
    private readonly mark: string,
  ) {}

  /** The process, if it still runs. */
  find(): ProcessMark | undefined {
    const pid = this.read();
    const target = { pid: pid ?? 0, mark: this.mark };
    return pid && runs(target) ? target : undefined;
  }

  /** Whether a process was started and has ended on its own. */
  isStale(): boolean {
    return this.read() !== undefined && !this.find();
  }

  /** Writes the file unless a running process has done so already. */
  claim(pid: number): boolean {
    if (this.isStale()) this.remove();
    try {
      writeFileSync(this.file, `${pid}\n`, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  write(pid: number): void {
    writeFileSync(this.file, `${pid}\n`);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  private read(): number | undefined {
    try {
      return Number.parseInt(readFileSync(this.file, 'utf8'), 10) || undefined;
    } catch {
      return undefined;
    }
  }
}
