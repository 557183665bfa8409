import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is yes; the test's own timeout ends a wait in vain. */
export async function until(question: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await question())) await sleep(25);
}
