import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { UserError } from '@bw/migrations/errors';
import { paint, say, seconds } from '../terminal/index.js';
import { compose, logOfContainer, runningContainers, whyNoContainers } from './compose.js';
import { deploy } from './database.js';
import type { Layout } from './layout.js';
import { requireFreePorts } from './ports.js';
import { isReady } from './readiness.js';
import { type DevService, readSettings, settingsInUse } from './settings.js';
import type { StartResult } from './start.js';

/** The first start compiles and migrates in the container. */
const patience = 180_000;

/** The development environment in containers, by docker-compose.dev.yml. Stopped again when it does not become ready. */
export async function startContainers(layout: Layout, signal: AbortSignal): Promise<StartResult> {
  const before = await runningContainers('development');
  const settings = before.length > 0 ? settingsInUse(layout) : readSettings(layout);
  const isComplete = before.length > settings.services.length && (await areReady(settings.services));
  if (isComplete)
    return { settings, isNew: (await deploy(settings, signal)) > 0, undo: async () => undefined };
  const undo = before.length > 0 ? async () => undefined : () => compose(layout, ['down']);
  try {
    if (before.length === 0) await requireFreePorts(layout, settings, false);
    // Otherwise the engine makes it, as root.
    await mkdir(layout.data, { recursive: true });
    say('Starting containers …');
    await compose(layout, ['up', '-d', '--build'], signal);
    await Promise.all(settings.services.map((service) => waitForOne(service, signal)));
  } catch (error) {
    // What went wrong first is what matters.
    await undo().catch(() => undefined);
    throw error;
  }
  return { settings, isNew: true, undo };
}

/** Stops the containers and answers their names; with `volumes` their data is thrown away too. */
export async function stopContainers(layout: Layout, options: { volumes: boolean }): Promise<string[]> {
  const names = await runningContainers('development');
  const isAsked = names.length > 0 || (options.volumes && !(await whyNoContainers()));
  if (!isAsked) return names;
  // To Compose production's containers are the same ones: they have the same names.
  if (names.length === 0 && (await containersOf('production')).length > 0) await removeData();
  else await compose(layout, ['down', ...(options.volumes ? ['--volumes'] : [])]);
  return names;
}

/** What development has left beside production, which is not touched. */
async function removeData(): Promise<void> {
  const ended = await containersOf('development');
  if (ended.length > 0) await docker('rm', '--force', ...ended);
  await docker('volume', 'rm', '--force', 'nestjs-microservices_postgres_dev_data');
}

/** Those that are stopped, too. */
const containersOf = async (environment: string): Promise<string[]> =>
  (await docker('ps', '--all', '--quiet', '--filter', `label=bw.environment=${environment}`))
    .split('\n')
    .filter(Boolean);

const docker = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('docker', args)).stdout;

const areReady = async (services: DevService[]): Promise<boolean> =>
  (await Promise.all(services.map((service) => isReady(service)))).every(Boolean);

async function waitForOne(service: DevService, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const { name, httpPort } = service;
  while (!(await isReady(service))) {
    signal.throwIfAborted();
    if (performance.now() - began > patience) throw await failure(name);
    await sleep(200);
  }
  say(`${paint('green', '✓')} ${name} is ready on http://127.0.0.1:${httpPort} (${seconds(began)})`);
}

async function failure(name: string): Promise<UserError> {
  const container = `bw-${name}-service`;
  const log = await logOfContainer(container);
  return new UserError('SERVICE_NOT_READY', `The service ${name} is not ready. The end of its log:\n${log}`, {
    hint: `Mend it and run ./dev.sh again. The whole log: docker logs ${container}`,
  });
}
