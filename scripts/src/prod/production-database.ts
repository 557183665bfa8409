import { resolve } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { initializeDatabase } from '@bw/migrations/initialize';
import type { Service } from '@bw/migrations/services';
import { valuesOf } from './production-secrets.js';

/**
 * Schemas and roles as init-schemas.sql makes them, each role with the password that its service's URL has. The server
 * is that of ADMIN_DATABASE_URL in admin.env, for a service with one of its own that of <SERVICE>_ADMIN_DATABASE_URL.
 */
export async function prepareDatabases(folder: string, services: readonly Service[]): Promise<void> {
  const urls = valuesOf(resolve(folder, 'admin.env'));
  const servers = new Map<string, Service[]>();
  for (const service of services) {
    const adminUrl = urls[`${service.name.toUpperCase()}_ADMIN_DATABASE_URL`] || urls.ADMIN_DATABASE_URL;
    if (!adminUrl) throw noAdministrator(folder);
    servers.set(adminUrl, [...(servers.get(adminUrl) ?? []), service]);
  }
  for (const [adminUrl, services] of servers)
    await initializeDatabase({ adminUrl, passwords: passwordsOf(folder, services), services });
}

function passwordsOf(folder: string, services: readonly Service[]): Record<string, string> {
  const urls = services.flatMap(({ name }) => {
    const { DATABASE_URL, MIGRATION_DATABASE_URL } = valuesOf(resolve(folder, `${name}.env`));
    return [DATABASE_URL, MIGRATION_DATABASE_URL].filter((url) => url !== undefined);
  });
  return Object.fromEntries(urls.map(credentialsOf));
}

function credentialsOf(text: string): [role: string, password: string] {
  const { username, password } = new URL(text);
  return [decodeURIComponent(username), decodeURIComponent(password)];
}

const noAdministrator = (folder: string): UserError =>
  new UserError('NO_DATABASE_URL', `${resolve(folder, 'admin.env')} has no ADMIN_DATABASE_URL.`, {
    hint: 'Write the URL of a role into it that may create roles and schemas.',
  });
