import { access, constants, mkdir } from 'node:fs/promises';
import { UserError } from '@bw/migrations/errors';
import { type Server } from '../postgres/index.js';
import { paint, say, seconds } from '../terminal/index.js';
import { deploy, prepareDatabase } from './database.js';
import { findPostgres, startPostgres, stopPostgres } from './embedded-postgres.js';
import { writeEnvironment } from './environment.js';
import { type Layout } from './layout.js';
import { withLock } from './lock.js';
import { trimLogs } from './logs.js';
import { requireFreePorts } from './ports.js';
import { isReady, waitUntilReady } from './readiness.js';
import { isOutdated } from './service-process.js';
import { type DevService, type DevSettings, readSettings, settingsInUse } from './settings.js';
import { ensureSupervisor, findSupervisor, stopSupervisor } from './supervisor.js';

export interface StartResult {
  settings: DevSettings;
  /** False when everything was already there, migrations included. */
  isNew: boolean;
  /** Stops what this call started and leaves alone what it found running. */
  undo: Undo;
}

type Undo = () => Promise<void>;

/** Brings up what is not running yet. When that fails, what this call started is stopped again. */
export async function startEnvironment(layout: Layout, signal: AbortSignal): Promise<StartResult> {
  await makeFolders(layout);
  return withLock(layout, signal, async () => {
    const isUp = Boolean((await findPostgres(layout)) ?? findSupervisor(layout));
    const settings = isUp ? settingsInUse(layout) : readSettings(layout);
    const steps: Undo[] = [];
    const undo = async () => {
      for (const step of steps.reverse().splice(0)) await step();
    };
    if (isUp) await writeEnvironment(layout, settings);
    if (await isComplete(layout, settings))
      return { settings, isNew: (await deploy(settings, signal)) > 0, undo };
    try {
      await bringUp(layout, settings, steps, signal);
    } catch (error) {
      await undo();
      throw error;
    }
    return { settings, isNew: true, undo };
  });
}

async function isComplete(layout: Layout, settings: DevSettings): Promise<boolean> {
  if (!(await findPostgres(layout)) || !findSupervisor(layout)) return false;
  const isCurrent = async (service: DevService) => !isOutdated(layout, service) && (await isReady(service));
  return (await Promise.all(settings.services.map(isCurrent))).every(Boolean);
}

async function bringUp(
  layout: Layout,
  settings: DevSettings,
  undo: Undo[],
  signal: AbortSignal,
): Promise<void> {
  await trimLogs(layout, settings);
  const running = await findPostgres(layout);
  await requireFreePorts(layout, settings, Boolean(running));
  const server = running ?? (await bringUpPostgres(layout, settings, undo));
  signal.throwIfAborted();
  await writeEnvironment(layout, { ...settings, postgresPort: server.port });
  await prepareDatabase(settings, server, signal);
  signal.throwIfAborted();
  if (!findSupervisor(layout)) undo.push(() => stopSupervisor(layout));
  await ensureSupervisor(layout);
  await waitUntilReady(layout, settings, signal);
}

async function bringUpPostgres(layout: Layout, { postgresPort }: DevSettings, undo: Undo[]): Promise<Server> {
  const began = performance.now();
  undo.push(() => stopPostgres(layout));
  const server = await startPostgres(layout, postgresPort);
  say(`${paint('green', '✓')} PostgreSQL is ready on 127.0.0.1:${server.port} (${seconds(began)})`);
  return server;
}

async function makeFolders(layout: Layout): Promise<void> {
  try {
    for (const folder of [layout.data, layout.logs, layout.run]) await mkdir(folder, { recursive: true });
    await access(layout.run, constants.W_OK);
  } catch (cause) {
    throw new UserError('DATA_FOLDER_CLOSED', `${layout.data} cannot be written by this user.`, {
      hint: 'Was the environment started by another user? Stop it as that user: ./dev-stop.sh -v',
      cause,
    });
  }
}
