import { mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Does something once for all workers of a test run; those who come later get the text it answered. */
export async function oncePerRun(folder: string, name: string, work: () => Promise<string>): Promise<string> {
  const file = join(folder, `${name}.done`);
  const lock = join(folder, `${name}.lock`);
  const deadline = Date.now() + 60_000;
  const answer = () => readFile(file, 'utf8').catch(() => undefined);
  while (Date.now() < deadline) {
    const text = await answer();
    if (text !== undefined) return text;
    if (await isMine(lock)) {
      try {
        // Whoever had the lock before may have finished since we looked.
        if ((await answer()) === undefined) {
          await writeFile(`${file}.new`, await work());
          await rename(`${file}.new`, file);
        }
      } finally {
        await rmdir(lock);
      }
    } else {
      await sleep(20);
    }
  }
  throw new Error(`Waited in vain for another test worker to finish "${name}" (${lock}).`);
}

function isMine(lock: string): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}
