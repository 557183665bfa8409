import { findServices } from '@bw/migrations/services';
import { portVariable } from '../dev/settings.js';
import { freePort } from '../processes/index.js';

/** Variables that move a development environment, whatever its services, to ports that nobody uses. */
export async function freeDevelopmentPorts(): Promise<Record<string, string>> {
  const ofServices = findServices().flatMap(({ name }) => [
    portVariable(name, 'HTTP'),
    portVariable(name, 'GRPC'),
  ]);
  const ports = ['POSTGRES_PORT', ...ofServices].map(
    async (variable) => [variable, String(await freePort())] as const,
  );
  return Object.fromEntries(await Promise.all(ports));
}
