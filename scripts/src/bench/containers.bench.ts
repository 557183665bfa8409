import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@bw/migrations/errors';
import { findServices } from '@bw/migrations/services';
import { Checkout } from '../containers/checkout.js';
import { obstacleToContainers } from '../containers/obstacle.js';
import { freeDevelopmentPorts } from '../containers/ports.js';
import { startUsers } from '../containers/traffic.js';
import { freePort } from '../processes/index.js';
import { say } from '../terminal/index.js';
import type { Measurement } from './report.js';

const updates = 10;
const services = findServices().map(({ name }) => name);

/** Images, ./prod.sh and what its clients notice of ten updates. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  const obstacle = obstacleToContainers();
  if (obstacle) throw new UserError('NO_CONTAINERS', `Containers cannot be measured: ${obstacle}.`);
  const port = String(await freePort());
  const checkout = new Checkout({ GATEWAY_PORT: port, ...(await freeDevelopmentPorts()) });
  try {
    return [
      await timed('images, rebuilt cold', () =>
        checkout.run('RELEASE=next docker compose -f docker-compose.prod.yml build --no-cache'),
      ),
      ...(await sizes(checkout)),
      await timed('./prod.sh, first run with images built', () => checkout.run('./prod.sh')),
      await timed('./prod.sh, nothing new', () => checkout.run('./prod.sh')),
      await rebuild(checkout),
      ...(await updateUnderTraffic(checkout, `http://127.0.0.1:${port}`, signal)),
      ...(await stops(checkout)),
      ...(await development(checkout)),
    ];
  } finally {
    await checkout.dispose();
  }
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

function rebuild(checkout: Checkout): Promise<Measurement> {
  edit(checkout, 'rebuilt');
  return timed('image, rebuilt after an edit', () =>
    checkout.run('RELEASE=next docker compose -f docker-compose.prod.yml build auth'),
  );
}

async function updateUnderTraffic(
  checkout: Checkout,
  base: string,
  signal: AbortSignal,
): Promise<Measurement[]> {
  let failed = 0;
  let slowest = 0;
  const began = performance.now();
  for (let update = 1; update <= updates; update++) {
    signal.throwIfAborted();
    say(`Update ${update} of ${updates} …`);
    edit(checkout, `update ${update}`);
    const traffic = await startUsers(base);
    await checkout.run('./prod.sh --no-backup');
    const report = await traffic.stop();
    for (const { request, reason } of report.failures) say(`  ${request}: ${reason}`);
    failed += report.failures.length;
    slowest = Math.max(slowest, report.slowest);
  }
  return [
    { what: `requests failed during ${updates} updates (none is right)`, value: failed, unit: 'requests' },
    { what: 'slowest request during them', value: slowest, unit: 'ms' },
    { what: './prod.sh, an update under load', value: (performance.now() - began) / updates, unit: 'ms' },
  ];
}

function stops(checkout: Checkout): Promise<Measurement[]> {
  return Promise.all(
    services.map((name) =>
      timed(`${name}, from SIGTERM to exit`, () => checkout.run(`docker stop -t 30 bw-${name}-service`)),
    ),
  );
}

async function development(checkout: Checkout): Promise<Measurement[]> {
  await checkout.run('docker compose -f docker-compose.prod.yml --profile setup down --volumes');
  const start = await timed('./dev.sh --docker, from nothing', () => checkout.run('./dev.sh --docker'));
  const restart = await timed('development, from an edit to the new code running', async () => {
    checkout.edit('auth', 'edited while it ran');
    while (!(await checkout.run('docker logs bw-auth-service')).includes('edited while it ran'))
      await sleep(50);
  });
  return [start, { ...restart, target: 3_000 }];
}

/** A change of every service that compiles to something new. */
function edit(checkout: Checkout, text: string): void {
  for (const name of services) checkout.edit(name, text);
}

async function timed(what: string, work: () => Promise<unknown>): Promise<Measurement> {
  const began = performance.now();
  await work();
  return { what, value: performance.now() - began, unit: 'ms' };
}
