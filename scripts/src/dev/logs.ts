import { readFile, rename, stat } from 'node:fs/promises';
import { type Layout, logOf } from './layout.js';
import type { DevSettings } from './settings.js';

const limit = 10 * 1024 * 1024;

/** Sets logs aside that have grown large; what runs goes on writing into the old file. */
export async function trimLogs(layout: Layout, { services }: DevSettings): Promise<void> {
  for (const name of ['postgres', 'watch', ...services.map((service) => service.name)]) {
    const file = logOf(layout, name);
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size > limit) await rename(file, `${file}.old`);
  }
}

export async function tail(file: string, lines = 15): Promise<string> {
  const content = await readFile(file, 'utf8').catch(() => '');
  return content
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n');
}
