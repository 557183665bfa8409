import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { UserError } from '../errors/index.js';

export type Tool = 'pg_dump' | 'pg_restore';

/** PostgreSQL's client programs, no older than the server: `pg_dump` refuses one that is newer than itself. */
export interface Tools {
  /** The image they are run from; absent where this machine has them. */
  image?: string;
  /** What goes before the program's name. */
  prefix: string[];
}

/** Those of this machine, or else those in PostgreSQL's own image, where a container engine answers. */
export async function findTools(serverMajor: number): Promise<Tools> {
  const local = majorOf(await answerOf('pg_dump', '--version'));
  if (local >= serverMajor) return { prefix: [] };
  if (!(await answerOf('docker', 'version', '--format', '{{.Server.Version}}')))
    throw missing(local, serverMajor);
  const image = `postgres:${serverMajor}-trixie`;
  // From the host's network the server has the address it has for us. Variables without a value take ours: arguments
  // would show the password to everybody.
  const variables = Object.keys(environmentOf('postgresql://host')).flatMap((name) => ['--env', name]);
  return {
    image,
    prefix: ['docker', 'run', '--rm', '--interactive', '--network', 'host', ...variables, image],
  };
}

const majorOf = (version: string): number => Number(/\d+/.exec(version)?.[0] ?? 0);

/** What a program prints; nothing where it is missing or fails. */
async function answerOf(program: string, ...args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const [code] = await once(child, 'close').catch(() => [1]);
  return code === 0 ? output.trim() : '';
}

/** `pg_dump` to a new file. */
export async function dumpTo(file: string, tools: Tools, url: string, args: string[]): Promise<void> {
  const archive = await open(file, 'wx', 0o600);
  try {
    await run(tools, 'pg_dump', url, args, ['ignore', archive.fd]);
  } finally {
    await archive.close();
  }
}

/** `pg_restore` from a file. */
export async function restoreFrom(file: string, tools: Tools, url: string, args: string[]): Promise<void> {
  const archive = await open(file);
  try {
    await run(tools, 'pg_restore', url, args, [archive.fd, 'ignore']);
  } finally {
    await archive.close();
  }
}

async function run(
  { prefix }: Tools,
  tool: Tool,
  url: string,
  args: string[],
  [input, output]: ['ignore' | number, 'ignore' | number],
): Promise<void> {
  const [program = tool, ...rest] = [...prefix, tool, ...args];
  const env = { ...process.env, ...environmentOf(url) };
  const child = spawn(program, rest, { env, stdio: [input, output, 'pipe'] });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  throw new UserError('TOOL_FAILED', `${tool} failed: ${errors.trim() || 'it said nothing'}`, {
    hint: /role .* does not exist/.test(errors)
      ? 'Make the roles first: migrations/migrate-multi-schema.sh with ADMIN_DATABASE_URL set. Nothing was changed.'
      : 'Nothing was changed.',
  });
}

function environmentOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const files = ['sslrootcert', 'sslcert', 'sslkey'].flatMap((name) => {
    const file = searchParams.get(name);
    return file === null ? [] : [[`PG${name.toUpperCase()}`, file]];
  });
  const mode = searchParams.get('sslmode') ?? 'prefer';
  return {
    // An IPv6 address stands in brackets in a URL alone.
    PGHOST: searchParams.get('host') ?? hostname.replace(/^\[|\]$/g, ''),
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    // The name is node-postgres's own.
    PGSSLMODE: mode === 'no-verify' ? 'require' : mode,
    ...Object.fromEntries(files),
  };
}

function missing(local: number, needed: number): UserError {
  const what = local === 0 ? 'pg_dump is not installed' : `pg_dump is of version ${local}`;
  return new UserError('TOOL_MISSING', `${what} on this machine, and the server is PostgreSQL ${needed}.`, {
    hint: [
      `Install PostgreSQL's client programs of version ${needed} or newer:`,
      `  Debian, Ubuntu   apt-get install postgresql-client-${needed} (https://www.postgresql.org/download)`,
      '  macOS            brew install libpq && brew link --force libpq',
      'or start Docker: they are then run from an image. In the database container itself:',
      '  docker exec bw-postgres pg_dump -U admin -Fc postgres > backup.dump',
    ].join('\n'),
  });
}
