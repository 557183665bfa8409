import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@bw/migrations/errors';
import { findServices } from '@bw/migrations/services';
import { Checkout } from '../containers/checkout.js';
import { obstacleToContainers } from '../containers/obstacle.js';
import { freeDevelopmentPorts } from '../containers/ports.js';
import { whileUsersAreThere } from '../containers/traffic.js';
import { portVariable } from '../dev/settings.js';
import { freePort } from '../processes/index.js';
import { say } from '../terminal/index.js';
import { type Measurement, medianOf } from './report.js';

const updates = 10;
const services = findServices().map(({ name }) => name);
const build = 'RELEASE=next docker compose -f docker-compose.prod.yml --profile setup build';

interface Site {
  checkout: Checkout;
  gateway: string;
  /** Where auth answers in development. */
  auth: string;
  signal: AbortSignal;
}

/** Images, ./prod.sh and what its clients notice of ten updates. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  const obstacle = obstacleToContainers();
  if (obstacle) throw new UserError('NO_CONTAINERS', `Containers cannot be measured: ${obstacle}.`);
  const ports = await freeDevelopmentPorts();
  const port = String(await freePort());
  const checkout = new Checkout({ GATEWAY_PORT: port, ...ports });
  const auth = `http://127.0.0.1:${ports[portVariable('auth', 'HTTP')]}`;
  const site = { checkout, gateway: `http://127.0.0.1:${port}`, auth, signal };
  const measurements: Measurement[] = [];
  try {
    for (const stage of [images, firstRuns, rebuild, updateUnderTraffic, stops, development]) {
      signal.throwIfAborted();
      measurements.push(...(await stage(site)));
    }
    return measurements;
  } finally {
    await checkout.dispose();
  }
}

/** Nothing is taken from an earlier build but the archives of packages, which Yarn keeps. */
async function images({ checkout }: Site): Promise<Measurement[]> {
  const cold = await timed('images, built cold', () => checkout.run(`${build} --no-cache`));
  return [cold, ...(await sizes(checkout))];
}

async function firstRuns({ checkout }: Site): Promise<Measurement[]> {
  return [
    await timed('./prod.sh, first run with images built', () => checkout.run('./prod.sh')),
    await timed('./prod.sh, nothing new', () => checkout.run('./prod.sh')),
  ];
}

async function sizes(checkout: Checkout): Promise<Measurement[]> {
  const base = await sizeOf(checkout, 'node:24-trixie-slim');
  const measurements = services.map(async (name): Promise<Measurement[]> => {
    const size = await sizeOf(checkout, `bw-${name}-service:next`);
    return [
      { what: `image of ${name}`, value: size, unit: 'MB', target: 450 },
      { what: `image of ${name}, without its base`, value: size - base, unit: 'MB' },
    ];
  });
  return (await Promise.all(measurements)).flat();
}

async function sizeOf(checkout: Checkout, image: string): Promise<number> {
  return Number(await checkout.run(`docker image inspect --format '{{.Size}}' ${image}`)) / 1e6;
}

async function rebuild({ checkout }: Site): Promise<Measurement[]> {
  checkout.edit('auth', 'rebuilt');
  return [await timed('images, rebuilt after a line of auth was edited', () => checkout.run(build))];
}

async function updateUnderTraffic({ checkout, gateway, signal }: Site): Promise<Measurement[]> {
  let failed = 0;
  let sent = 0;
  let slowest = 0;
  const began = performance.now();
  for (let update = 1; update <= updates; update++) {
    signal.throwIfAborted();
    say(`Update ${update} of ${updates} …`);
    edit(checkout, `update ${update}`);
    const { report } = await whileUsersAreThere(gateway, () => checkout.run('./prod.sh --no-backup'));
    for (const { request, reason } of report.failures) say(`  ${request}: ${reason}`);
    failed += report.failures.length;
    sent += report.sent;
    slowest = Math.max(slowest, report.slowest);
  }
  return [
    { what: `requests during ${updates} updates`, value: sent, unit: 'requests' },
    { what: 'of them failed (none is right)', value: failed, unit: 'requests' },
    { what: 'slowest of them', value: slowest, unit: 'ms' },
    { what: './prod.sh, an update under load', value: (performance.now() - began) / updates, unit: 'ms' },
  ];
}

/** A stopping service goes on serving for a while on purpose, so the time is given with that and without. */
async function stops({ checkout }: Site): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const name of services) {
    const container = `bw-${name}-service`;
    const delay = Number(await checkout.run(`docker exec ${container} printenv SHUTDOWN_DELAY`)) * 1000;
    const what = `${name}, from SIGTERM to exit`;
    const stop = await timed(what, () => checkout.run(`docker stop -t 30 ${container}`));
    const own = { ...stop, what: `${what}, without its SHUTDOWN_DELAY`, value: stop.value - delay };
    measurements.push(stop, own);
  }
  return measurements;
}

async function development({ checkout, auth, signal }: Site): Promise<Measurement[]> {
  await checkout.run('docker compose -f docker-compose.prod.yml --profile setup down --volumes');
  const start = await timed('./dev.sh --docker, from nothing', () => checkout.run('./dev.sh --docker'));
  const restart = await medianOf(3, () => editOne(checkout, auth, signal));
  const what = 'development, from an edit to the new code being ready';
  return [start, { what, value: restart, unit: 'ms', target: 3_000 }];
}

/** As someone who reads for a while between two edits. */
async function editOne(checkout: Checkout, auth: string, signal: AbortSignal): Promise<number> {
  await sleep(15_000, undefined, { signal });
  const text = `edited while it ran: ${randomUUID()}`;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  const began = performance.now();
  checkout.edit('auth', text);
  // What has the edit says so when it starts, and the one before has ended by then.
  await until(async () => (await checkout.run('docker logs bw-auth-service')).includes(text), limit);
  await until(() => isReady(auth), limit);
  return performance.now() - began;
}

async function until(question: () => Promise<boolean>, limit: AbortSignal): Promise<void> {
  while (!(await question())) await sleep(50, undefined, { signal: limit });
}

const isReady = (service: string): Promise<boolean> =>
  fetch(`${service}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** A change of every service that compiles to something new. */
function edit(checkout: Checkout, text: string): void {
  for (const name of services) checkout.edit(name, text);
}

async function timed(what: string, work: () => Promise<unknown>): Promise<Measurement> {
  const began = performance.now();
  await work();
  return { what, value: performance.now() - began, unit: 'ms' };
}
