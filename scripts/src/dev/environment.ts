import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { admin } from '../postgres/index.js';
import { asksForSecret, fillInSecrets, newServiceKey, trustOf } from '../secrets/index.js';
import { envFileOf, type Layout } from './layout.js';
import { type DevSettings, portVariable, valuesOf } from './settings.js';

type Values = Record<string, string | undefined>;

/**
 * Writes .data/env/<service>.env and admin.env. What a service wants is said by its own .env.example, whose
 * placeholders are filled in, so that a new service needs no edit here. What was made at random stays as it is.
 */
export async function writeEnvironment(layout: Layout, settings: DevSettings): Promise<void> {
  await mkdir(layout.env, { recursive: true, mode: 0o700 });
  const keptOf = (name: string) => valuesOf(envFileOf(layout, name));
  const keys = new Map(
    settings.services.map(({ name }) => [name, keptOf(name).SERVICE_PRIVATE_KEY ?? newServiceKey()]),
  );
  const known = knownValues(layout, settings);
  const { postgresPort, services } = settings;
  for (const service of services) {
    const wanted = {
      ...valuesOf(join(service.folder, '.env.example')),
      ...valuesOf(join(service.folder, '.env')),
    };
    await writeValues(envFileOf(layout, service.name), {
      ...fillIn(wanted, keptOf(service.name), known),
      NODE_ENV: 'development',
      HTTP_PORT: String(service.httpPort),
      GRPC_PORT: String(service.grpcPort),
      DATABASE_URL: databaseUrl(postgresPort, service.appRole, service.schema),
      MIGRATION_DATABASE_URL: databaseUrl(postgresPort, service.ownerRole, service.schema),
      SERVICE_PRIVATE_KEY: keys.get(service.name),
      TRUSTED_SERVICES: trustOf(service.name, keys),
    });
  }
  await writeValues(envFileOf(layout, 'admin'), {
    ADMIN_DATABASE_URL: databaseUrl(postgresPort, admin.user),
  });
}

/** The server listens on 127.0.0.1 only, so in development every role's password is its name. */
export function databaseUrl(port: number, role: string, schema?: string): string {
  const url = `postgresql://${role}:${role}@127.0.0.1:${port}/postgres`;
  return schema ? `${url}?schema=${schema}` : url;
}

function fillIn(wanted: Values, kept: Values, known: Values): Values {
  const entries = Object.entries(wanted).map(([name, value = '']) => {
    if (asksForSecret(value)) return [name, kept[name] ?? fillInSecrets(value)];
    return [name, value.replaceAll(/\$\{(\w+)\}/g, (text, key: string) => known[key] ?? text)];
  });
  return Object.fromEntries(entries);
}

function knownValues(layout: Layout, { services }: DevSettings): Values {
  const ports = services.flatMap(({ name, httpPort, grpcPort }) => [
    [portVariable(name, 'HTTP'), String(httpPort)],
    [portVariable(name, 'GRPC'), String(grpcPort)],
  ]);
  return { ...Object.fromEntries(ports), DATA: layout.data };
}

async function writeValues(file: string, values: Values): Promise<void> {
  const text = Object.entries(values)
    .map(([name, value = '']) => `${name}="${value}"\n`)
    .join('');
  // Its age tells which services do not know it yet.
  if ((await readFile(file, 'utf8').catch(() => undefined)) !== text)
    await writeFile(file, text, { mode: 0o600 });
}
