import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const folder = join(import.meta.dirname, '../..');

/** Auth as it is deployed: a process of its own that is sent signals. */
export class AuthProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly exit: Promise<number | null>,
  ) {}

  static async start(settings: Record<string, string>): Promise<AuthProcess> {
    const child = spawn(process.execPath, ['dist/main.js'], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...settings, LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit').then(([code]) => code);
    let url: string | undefined;
    for await (const line of createInterface(child.stdout)) {
      url = /"url":"([^"]+)"/.exec(line)?.[1];
      if (url) break;
    }
    if (!url) throw new Error(`auth ended with ${await exit}.`);
    child.stdout.resume();
    return new AuthProcess(child, url, exit);
  }

  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** Stands still, while the system goes on accepting connections and bytes for it. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** What a command of the service prints. */
export async function runAuthCommand(name: string, args: string[], settings: Record<string, string>) {
  const { stdout } = await promisify(execFile)(process.execPath, [`dist/commands/${name}.js`, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings },
  });
  return stdout.trim();
}
