import { UserError } from '@bw/migrations/errors';
import { isPortFree, portOwner } from '../processes/index.js';
import type { Layout } from './layout.js';
import { pidFileOf } from './service-process.js';
import { type DevSettings, portVariable } from './settings.js';

interface WantedPort {
  port: number;
  variable: string;
}

/** Names every port that something else listens on, all in one message, before anything is started. */
export async function requireFreePorts(
  layout: Layout,
  settings: DevSettings,
  hasPostgres: boolean,
): Promise<void> {
  const wanted = wantedPorts(layout, settings, hasPostgres);
  const free = await Promise.all(wanted.map(({ port }) => isPortFree(port)));
  const taken = wanted.filter((_, index) => !free[index]);
  const [first] = taken;
  if (!first) return;
  throw new UserError('PORT_IN_USE', taken.map(describe).join('\n'), {
    hint: `Stop what uses ${taken.length > 1 ? 'them' : 'it'}, or choose another: ${first.variable}=${first.port + 100} ./dev.sh`,
  });
}

function wantedPorts(
  layout: Layout,
  { postgresPort, services }: DevSettings,
  hasPostgres: boolean,
): WantedPort[] {
  const missing = services.filter((service) => !pidFileOf(layout, service).find());
  return [
    ...(hasPostgres ? [] : [{ port: postgresPort, variable: 'POSTGRES_PORT' }]),
    ...missing.flatMap(({ name, httpPort, grpcPort }) => [
      { port: httpPort, variable: portVariable(name, 'HTTP') },
      { port: grpcPort, variable: portVariable(name, 'GRPC') },
    ]),
  ];
}

function describe({ port, variable }: WantedPort): string {
  const owner = portOwner(port);
  return `Port ${port} (${variable}) is in use${owner ? ` by ${owner}` : ''}.`;
}
