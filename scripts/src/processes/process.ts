import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as we remember it: its id may meanwhile belong to another, whose command line lacks our mark. */
export interface ProcessMark {
  pid: number;
  /** An absolute path from the command line. */
  mark: string;
}

export function runs({ pid, mark }: ProcessMark): boolean {
  return isAlive(pid) && (commandOf(pid)?.includes(mark) ?? false);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, undefined once it has ended. */
export function commandOf(pid: number): string | undefined {
  try {
    // Slim Linux images have no ps, and macOS has no /proc.
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
    }
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Memory of a process that is in RAM, 0 once it has ended. */
export function residentMegabytes(pid: number): number {
  try {
    const kilobytes = existsSync('/proc/self/status')
      ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Ends a process: politely with `signal`, after `patience` milliseconds for certain. */
export async function terminate(
  target: ProcessMark,
  signal: NodeJS.Signals,
  patience: number,
): Promise<void> {
  for (const attempt of [signal, 'SIGKILL'] as const) {
    if (!runs(target)) return;
    process.kill(target.pid, attempt);
    const deadline = Date.now() + patience;
    while (runs(target) && Date.now() < deadline) await sleep(20);
  }
}
