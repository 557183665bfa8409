import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PidFile } from '../processes/index.js';
import { say } from '../terminal/index.js';
import type { Layout } from './layout.js';

/** Keeps two commands from starting and stopping the same environment at once. */
export async function withLock<T>(layout: Layout, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const file = new PidFile(join(layout.run, 'command.pid'), layout.root);
  if (!file.claim(process.pid)) {
    say('Waiting for another command that starts or stops the environment …');
    while (!file.claim(process.pid)) await sleep(50, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    file.remove();
  }
}
