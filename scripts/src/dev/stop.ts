import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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

/** Throws away everything the environment made: database, secrets, logs. */
export async function removeEnvironment(layout: Layout): Promise<void> {
  await removePostgres(layout);
  for (const folder of [layout.cache, layout.env, layout.logs, layout.run])
    await rm(folder, { recursive: true, force: true });
}

async function running(layout: Layout): Promise<string[]> {
  const services = findServices(layout.root).filter((service) => pidFileOf(layout, service).find());
  return [
    ...services.map((service) => service.name),
    ...(findSupervisor(layout) ? ['watch'] : []),
    ...((await findPostgres(layout)) ? ['postgres'] : []),
  ];
}
