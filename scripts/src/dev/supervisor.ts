import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { PidFile, type ProcessMark, terminate } from '../processes/index.js';
import { type Layout, logOf } from './layout.js';
import { pidFileOf } from './service-process.js';

/** Its services get two seconds each, all at once; so do those of a restart that it has to finish first. */
const patience = 10_000;

export const findSupervisor = (layout: Layout): ProcessMark | undefined => pidFile(layout).find();

/** Starts the process that runs the services, or has it start those that ended. */
export async function ensureSupervisor(layout: Layout): Promise<void> {
  const running = findSupervisor(layout);
  if (!running) await stopServices(layout);
  for (const service of findServices(layout.root)) {
    const file = pidFileOf(layout, service);
    if (!file.find()) file.remove();
  }
  if (running) process.kill(running.pid, 'SIGHUP');
  else spawnSupervisor(layout);
}

export async function stopSupervisor(layout: Layout): Promise<void> {
  const running = findSupervisor(layout);
  if (running) await terminate(running, 'SIGTERM', patience);
  pidFile(layout).remove();
  await stopServices(layout);
}

/** Services outlive a supervisor that was killed. */
async function stopServices(layout: Layout): Promise<void> {
  await Promise.all(
    findServices(layout.root).map(async (service) => {
      const file = pidFileOf(layout, service);
      const orphan = file.find();
      if (orphan) await terminate(orphan, 'SIGTERM', patience);
      file.remove();
    }),
  );
}

function spawnSupervisor(layout: Layout): void {
  const output = openSync(logOf(layout, 'watch'), 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', mainOf(layout)], {
    cwd: layout.root,
    detached: true,
    stdio: ['ignore', output, output],
  });
  child.unref();
  closeSync(output);
  if (child.pid) pidFile(layout).write(child.pid);
}

const mainOf = (layout: Layout) => join(layout.root, 'scripts/dist/dev/watch.js');

const pidFile = (layout: Layout) => new PidFile(join(layout.run, 'watch.pid'), mainOf(layout));
