import { UserError } from '../errors/index.js';
import { initializeDatabase } from '../initialize/index.js';
import type { Service } from '../services/index.js';
import { adminUrl, migrationUrl } from '../settings/index.js';

/**
 * Makes schemas and roles where an administrator's URL is known, and answers with which URL to deploy each service: its
 * owner's own where there is one for the same database, otherwise the administrator's, acting as the owner.
 */
export async function prepareServices(services: Service[]): Promise<(service: Service) => string> {
  const admin = ifKnown(adminUrl);
  if (!admin) return (service) => migrationUrl(service);
  const owners = new Map<Service, string>();
  for (const service of services) {
    const url = ifKnown(() => migrationUrl(service));
    if (url && isSameDatabase(url, admin) && roleOf(url) === service.ownerRole) owners.set(service, url);
  }
  const passwords = Object.fromEntries(
    [...owners].map(([service, url]) => [service.ownerRole, decodeURIComponent(new URL(url).password)]),
  );
  await initializeDatabase({ adminUrl: admin, passwords, services });
  return (service) => owners.get(service) ?? actingAs(service, admin);
}

/** What is made belongs to the owner role, although the administrator logged in. */
function actingAs({ ownerRole, schema }: Service, admin: string): string {
  const url = new URL(admin);
  url.searchParams.set('schema', schema);
  url.searchParams.set('options', `-c role=${ownerRole}`);
  return url.href;
}

function isSameDatabase(one: string, other: string): boolean {
  const place = (url: string) => {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port || 5432}${pathname}`;
  };
  return place(one) === place(other);
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);

function ifKnown(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError && error.code === 'NO_DATABASE_URL') return undefined;
    throw error;
  }
}
