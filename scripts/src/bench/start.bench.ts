import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { UserError } from '@bw/migrations/errors';
import { findPostgres } from '../dev/embedded-postgres.js';
import { envFileOf, layout } from '../dev/layout.js';
import { isReady } from '../dev/readiness.js';
import { allocatorSettings, mainOf, nodeFlags, pidFileOf } from '../dev/service-process.js';
import { type DevService, settingsInUse, valuesOf } from '../dev/settings.js';
import { startServer, stopServer } from '../postgres/index.js';
import { freePort, residentMegabytes } from '../processes/index.js';
import { say } from '../terminal/index.js';
import { type Measurement, medianOf } from './report.js';

/** How long everything takes to come up on this machine, for someone who starts it every day. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  if (await findPostgres(layout)) {
    throw new UserError('RUNNING', 'The environment is running, and this benchmark starts it.', {
      hint: 'Stop it with ./dev-stop.sh first.',
    });
  }
  say('Starting PostgreSQL from nothing …');
  const postgres = await medianOf(5, startPostgresFromNothing);
  say('Starting the environment …');
  try {
    await run('dev.sh', '--embedded');
    const command = await medianOf(5, restartEnvironment);
    const services: Measurement[] = [];
    for (const service of settingsInUse(layout).services) {
      signal.throwIfAborted();
      say(`Starting ${service.name} …`);
      services.push(...(await measureService(service)));
    }
    // Last, because what is edited has no bundle until it is built again.
    say('Editing …');
    const edit = await medianOf(5, () => editOne(signal));
    return [
      { what: 'embedded PostgreSQL, from nothing to ready', value: postgres, unit: 'ms', target: 1_500 },
      { what: 'warm ./dev.sh, to every service ready', value: command, unit: 'ms', target: 5_000 },
      ...services,
      { what: 'an edit, to the new code being ready', value: edit, unit: 'ms', target: 2_000 },
    ];
  } finally {
    await run('dev-stop.sh');
  }
}

async function startPostgresFromNothing(): Promise<number> {
  const folder = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'bw-bench-'));
  const port = await freePort();
  const began = performance.now();
  try {
    await startServer({ folder, port, logFile: join(folder, 'postgres.log') });
    return performance.now() - began;
  } finally {
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function restartEnvironment(): Promise<number> {
  await run('dev-stop.sh');
  const began = performance.now();
  await run('dev.sh', '--embedded');
  return performance.now() - began;
}

/** As someone who reads for a while between two edits. */
async function editOne(signal: AbortSignal): Promise<number> {
  const service = settingsInUse(layout).services[0];
  if (!service) throw new Error('There is no service.');
  await sleep(10_000, undefined, { signal });
  const pidFile = pidFileOf(layout, service).file;
  const pid = () => readFile(pidFile, 'utf8').catch(() => undefined);
  const before = await pid();
  const began = performance.now();
  await utimes(join(service.folder, 'src/main.ts'), new Date(), new Date());
  while ([before, undefined].includes(await pid()) || !(await isReady(service))) await sleep(5);
  return performance.now() - began;
}

async function measureService(service: DevService): Promise<Measurement[]> {
  const memory: number[] = [];
  const startup = await medianOf(5, async () => {
    const started = await startService(service);
    memory.push(started.megabytes);
    return started.milliseconds;
  });
  const { name } = service;
  return [
    { what: `${name}, from process start to ready`, value: startup, unit: 'ms', target: 900 },
    { what: `${name}, memory when idle`, value: Math.max(...memory), unit: 'MB', target: 130 },
  ];
}

/** One more instance beside the running one, started like it, on ports of its own. */
async function startService(service: DevService): Promise<{ milliseconds: number; megabytes: number }> {
  const [httpPort, grpcPort] = await Promise.all([freePort(), freePort()]);
  const env = {
    ...allocatorSettings,
    NODE_COMPILE_CACHE: layout.cache,
    ...process.env,
    ...valuesOf(envFileOf(layout, service.name)),
    HTTP_PORT: String(httpPort),
    GRPC_PORT: String(grpcPort),
  };
  const began = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, mainOf(service)], {
    cwd: service.folder,
    env,
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  while (!(await isReady({ ...service, httpPort }))) {
    if (child.exitCode !== null) throw new Error(`${service.name} ended with code ${child.exitCode}.`);
    await sleep(5);
  }
  const milliseconds = performance.now() - began;
  // Idle is what it settles at once it has started.
  await sleep(2_000);
  const megabytes = residentMegabytes(child.pid ?? 0);
  child.kill();
  await exit;
  return { milliseconds, megabytes };
}

async function run(command: string, ...args: string[]): Promise<void> {
  await promisify(execFile)(join(layout.root, command), args);
}
