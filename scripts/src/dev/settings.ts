import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '@bw/migrations/errors';
import { findServices, type Service } from '@bw/migrations/services';
import { envFileOf, type Layout } from './layout.js';

export interface DevService extends Service {
  httpPort: number;
  grpcPort: number;
}

export interface DevSettings {
  postgresPort: number;
  services: DevService[];
}

type Environment = Record<string, string | undefined>;

/** Ports: as the caller's environment says, else as the service's .env.example does. */
export function readSettings(layout: Layout, env: Environment = process.env): DevSettings {
  const services = findServices(layout.root).map((service) => withPorts(service, env));
  return { postgresPort: readPort('POSTGRES_PORT', env.POSTGRES_PORT ?? '5435'), services };
}

/** The settings that the running environment was started with, whatever the caller's say by now. */
export function settingsInUse(layout: Layout): DevSettings {
  const adminUrl = valuesOf(envFileOf(layout, 'admin')).ADMIN_DATABASE_URL;
  const ports = findServices(layout.root).flatMap(({ name }) => {
    const inUse = valuesOf(envFileOf(layout, name));
    // A service that came since has none in use.
    return (['HTTP', 'GRPC'] as const).map((kind) => {
      const variable = portVariable(name, kind);
      return [variable, inUse[`${kind}_PORT`] ?? process.env[variable]];
    });
  });
  const postgres = adminUrl ? new URL(adminUrl).port : undefined;
  return readSettings(layout, { POSTGRES_PORT: postgres, ...Object.fromEntries(ports) });
}

export const portVariable = (service: string, kind: 'HTTP' | 'GRPC'): string =>
  `${service.toUpperCase()}_${kind}_PORT`;

export function valuesOf(file: string): Record<string, string | undefined> {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

function withPorts(service: Service, env: Environment): DevService {
  const file = join(service.folder, '.env.example');
  const example = valuesOf(file);
  const port = (kind: 'HTTP' | 'GRPC') => {
    const variable = portVariable(service.name, kind);
    const value = env[variable] || example[`${kind}_PORT`];
    if (value) return readPort(variable, value);
    throw new UserError('NO_PORT', `No ${kind} port is set for the service ${service.name}.`, {
      hint: `Put ${kind}_PORT=… into ${file}, or set ${variable}.`,
    });
  };
  return { ...service, httpPort: port('HTTP'), grpcPort: port('GRPC') };
}

function readPort(variable: string, value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UserError('BAD_PORT', `${variable} is "${value}", which is not a port.`, {
    hint: 'Set it to a number between 1 and 65535.',
  });
}
