import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type pg from 'pg';
import { badUrl, type Place } from '../errors.js';

export interface DatabaseUrl {
  readonly place: Place;
  readonly client: pg.ClientConfig;
  /** `?schema=`: where the migration history lives. */
  readonly schema: string | undefined;
}

/** Reads a connection URL as Prisma does, with its parameters. Paths in it are relative to the working folder. */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const url = parse(text);
  const parameter = (name: string) => url.searchParams.get(name) || undefined;
  const place = {
    host: parameter('host') ?? decodeURIComponent(url.hostname.replace(/^\[|\]$/g, '') || 'localhost'),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    user: decodeURIComponent(url.username),
  };
  return {
    place,
    schema: parameter('schema'),
    client: {
      ...place,
      password: decodeURIComponent(url.password),
      ssl: tlsOptions(parameter),
      options: parameter('options'),
      application_name: parameter('application_name') ?? 'schema-engine',
      connectionTimeoutMillis: Number(parameter('connect_timeout') ?? 5) * 1000,
      keepAlive: true,
    },
  };
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['postgresql:', 'postgres:'].includes(url.protocol)) return url;
  throw badUrl(
    'It must be a postgresql:// URL; special characters in the user name and password are written as %XX.',
  );
}

/** As with libpq, `require` encrypts without checking who answers; `verify-full` and `sslaccept=strict` check. */
function tlsOptions(parameter: (name: string) => string | undefined): pg.ClientConfig['ssl'] {
  const mode = parameter('sslmode') ?? 'prefer';
  if (mode === 'disable' || mode === 'prefer' || mode === 'allow') return false;
  const authority = parameter('sslrootcert') ?? parameter('sslcert');
  return {
    rejectUnauthorized: mode.startsWith('verify-') || parameter('sslaccept') === 'strict',
    ...(authority && { ca: readFileSync(resolve(authority), 'utf8') }),
  };
}
