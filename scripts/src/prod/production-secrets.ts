import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Service } from '@bw/migrations/services';
import { asksForSecret, fillInSecrets, newPassword, newServiceKey, trustOf } from '../secrets/index.js';

type Values = Record<string, string | undefined>;

/**
 * Adds to the folder what is missing: the administrator's password and, for each service, an env file with its
 * database URLs, its key and whatever secret its .env.example asks for. A line that is there stays as it is.
 */
export function makeSecrets(folder: string, services: readonly Service[], database: string): void {
  makeAdmin(folder, database);
  for (const service of services) addMissing(fileOf(folder, service), secretsOf(service, database));
  const keys = new Map(services.map((service) => [service.name, keyOf(folder, service)]));
  for (const service of services) setTrust(fileOf(folder, service), trustOf(service.name, keys));
}

function makeAdmin(folder: string, database: string): void {
  const file = join(folder, 'postgres_password');
  if (!existsSync(file)) write(file, newPassword());
  const password = readFileSync(file, 'utf8').trim();
  addMissing(join(folder, 'admin.env'), {
    ADMIN_DATABASE_URL: () => `postgresql://admin:${encodeURIComponent(password)}@${database}`,
  });
}

function secretsOf(service: Service, database: string): Record<string, () => string> {
  const example = valuesOf(join(service.folder, '.env.example'));
  const asked = Object.entries(example).filter(([, value = '']) => asksForSecret(value));
  const url = (role: string) => () =>
    `postgresql://${role}:${newPassword()}@${database}?schema=${service.schema}`;
  return {
    DATABASE_URL: url(service.appRole),
    MIGRATION_DATABASE_URL: url(service.ownerRole),
    ...Object.fromEntries(asked.map(([name, value = '']) => [name, () => inProduction(value)])),
    SERVICE_PRIVATE_KEY: newServiceKey,
  };
}

/** Some secrets carry a name in front, which in an example is that of development. */
const inProduction = (value: string): string => fillInSecrets(value.replace(/^development:/, 'production:'));

function addMissing(file: string, wanted: Record<string, () => string>): void {
  const present = valuesOf(file);
  const missing = Object.entries(wanted).filter(([name]) => !present[name]);
  if (missing.length === 0) return;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  write(file, `${endLine(text)}${missing.map(([name, make]) => `${name}="${make()}"\n`).join('')}`);
}

/** Public keys of the others: no secret, and different once there is another service. */
function setTrust(file: string, trust: string): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  const others = lines.filter((line) => !line.startsWith('TRUSTED_SERVICES='));
  const text = `${endLine(others.join('\n'))}TRUSTED_SERVICES="${trust}"\n`;
  if (valuesOf(file).TRUSTED_SERVICES !== trust) write(file, text);
}

function keyOf(folder: string, service: Service): string {
  const key = valuesOf(fileOf(folder, service)).SERVICE_PRIVATE_KEY;
  if (key) return key;
  throw new Error(`${fileOf(folder, service)} has no SERVICE_PRIVATE_KEY.`);
}

const fileOf = (folder: string, service: Service): string => join(folder, `${service.name}.env`);
const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** All or nothing: a full disk must not cut off what was there. */
function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function valuesOf(file: string): Values {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}
