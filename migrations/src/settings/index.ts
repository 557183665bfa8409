import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../errors/index.js';
import { findRoot, type Service } from '../services/index.js';

type Environment = Record<string, string | undefined>;

/** The owner's URL of a service, with `?schema=` set. The service's own variable wins over the general one. */
export function migrationUrl(service: Service, env: Environment = process.env): string {
  const file = join(service.folder, '../.data/env', `${service.name}.env`);
  const prefix = service.name.toUpperCase();
  const candidates = [
    env[`${prefix}_MIGRATION_DATABASE_URL`],
    env[`${prefix}_DATABASE_URL`],
    ofService(service, env.MIGRATION_DATABASE_URL),
    ofService(service, env.DATABASE_URL),
    ...valuesOf(file, 'MIGRATION_DATABASE_URL', 'DATABASE_URL'),
  ];
  const url = candidates.find((candidate) => candidate);
  if (url) return withSchema(checkUrl(url, service.name), service.schema);
  throw new UserError(
    'NO_DATABASE_URL',
    `No database is known for the service ${service.name}: ${file} does not exist.`,
    {
      hint: `Start the development environment with ./dev.sh, or set MIGRATION_DATABASE_URL (or ${prefix}_MIGRATION_DATABASE_URL).`,
    },
  );
}

/** The administrator's URL, for what no service role may do. */
export function adminUrl(root = findRoot(), env: Environment = process.env): string {
  const file = join(root, '.data/env/admin.env');
  const url = env.ADMIN_DATABASE_URL || valuesOf(file, 'ADMIN_DATABASE_URL', 'DATABASE_URL')[0];
  if (url) return checkUrl(url, 'the administrator');
  throw new UserError(
    'NO_DATABASE_URL',
    `No administrator's database URL is known: ${file} does not exist.`,
    {
      hint: 'Start the development environment with ./dev.sh, or set ADMIN_DATABASE_URL.',
    },
  );
}

/** A general URL that names another service's schema is that service's, not this one's. */
function ofService(service: Service, url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return url;
  const schema = new URL(url).searchParams.get('schema');
  return !schema || schema === service.schema ? url : undefined;
}

function valuesOf(file: string, ...names: string[]): string[] {
  if (!existsSync(file)) return [];
  const values = parseEnv(readFileSync(file, 'utf8'));
  return names.map((name) => values[name]).filter((value) => value !== undefined);
}

function checkUrl(url: string, whose: string): string {
  if (URL.canParse(url) && isPostgres(new URL(url))) return url;
  throw new UserError('BAD_DATABASE_URL', `The database URL of ${whose} is not a postgresql:// URL.`, {
    hint: 'Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE; special characters in the password as %XX.',
  });
}

/** An `@` behind the host is the one before the real host: a `/`, `?` or `#` of the password has cut it short. */
function isPostgres({ protocol, pathname, hash, searchParams }: URL): boolean {
  const behindHost = [pathname, hash, ...searchParams.keys()];
  return ['postgresql:', 'postgres:'].includes(protocol) && !behindHost.some((part) => part.includes('@'));
}

function withSchema(text: string, schema: string): string {
  const url = new URL(text);
  if (!url.searchParams.has('schema')) url.searchParams.set('schema', schema);
  return url.href;
}
