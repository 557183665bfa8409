import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { findPostgres, removePostgres, stopPostgres } from './embedded-postgres.js';
import type { Layout } from './layout.js';
import { withLock } from './lock.js';
import { pidFileOf } from './service-process.js';
import { findSupervisor, stopSupervisor } from './supervisor.js';

/** Stops whatever runs and answers the names of it; keeps the data. */
export async function stopEnvironment(layout: Layout, signal: AbortSignal): Promise<string[]> {
  if (!existsSync(layout.run)) return [];
  return withLock(layout, signal, async () => {
    const names = await running(layout);
    await stopSupervisor(layout);
    await stopPostgres(layout);
    return names;
  });
}

/** Throws away everything the environment and its services made: database, secrets, logs, mails. */
export async function removeEnvironment(layout: Layout): Promise<void> {
  await removePostgres(layout);
  const names = await readdir(layout.data).catch(() => []);
  const made = names.map((name) => join(layout.data, name)).filter((path) => path !== layout.changes);
  for (const path of made) await rm(path, { recursive: true, force: true });
}

async function running(layout: Layout): Promise<string[]> {
  const services = findServices(layout.root).filter((service) => pidFileOf(layout, service).find());
  return [
    ...services.map((service) => service.name),
    ...(findSupervisor(layout) ? ['watch'] : []),
    ...((await findPostgres(layout)) ? ['postgres'] : []),
  ];
}
