import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors/index.js';

/** A service is a top-level folder with a Prisma schema; every name it has in the database follows from the folder's. */
export interface Service {
  name: string;
  folder: string;
  schema: string;
  ownerRole: string;
  appRole: string;
  schemaFile: string;
  migrationsFolder: string;
}

/** The services of a repository, by name. */
export function findServices(root = findRoot()): Service[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'migrations')
    .filter((entry) => existsSync(join(root, entry.name, 'prisma/schema.prisma')))
    .map((entry) => {
      checkName(root, entry.name);
      return describeService(root, entry.name);
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One service by its name; the message for a wrong one lists the right ones. */
export function findService(name: string, root = findRoot()): Service {
  const services = findServices(root);
  const service = services.find((candidate) => candidate.name === name);
  if (service) return service;
  const known = services.map((candidate) => candidate.name).join(', ') || 'none';
  throw new UserError(
    'UNKNOWN_SERVICE',
    `There is no service "${name}" in ${root}. Services found: ${known}.`,
    {
      hint: 'A service is a top-level folder that has prisma/schema.prisma.',
    },
  );
}

/** The repository around a folder: the nearest one above whose package.json declares workspaces. */
export function findRoot(from = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (declaresWorkspaces(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) {
      throw new UserError('NO_REPOSITORY', `${resolve(from)} is not inside a repository of services.`, {
        hint: 'Run the command below the folder whose package.json declares "workspaces".',
      });
    }
  }
}

function declaresWorkspaces(file: string): boolean {
  return existsSync(file) && Object.hasOwn(JSON.parse(readFileSync(file, 'utf8')), 'workspaces');
}

// PostgreSQL reserves the prefix pg_; the limit leaves room for "_schema" within its 63 bytes.
const serviceName = /^(?!pg_)[a-z][a-z0-9_]{0,47}$/;

function checkName(root: string, name: string): void {
  if (!serviceName.test(name)) {
    throw new UserError(
      'BAD_SERVICE_NAME',
      `The folder ${join(root, name)} has a Prisma schema, but "${name}" cannot name a service: its database schema and roles take their names from the folder.`,
      {
        hint: 'Rename it: lower-case letters, digits and underscores, a letter first, at most 48, not "pg_…".',
      },
    );
  }
}

/** What a service of that name has, or would have. */
export function describeService(root: string, name: string): Service {
  const folder = join(root, name);
  return {
    name,
    folder,
    schema: `${name}_schema`,
    ownerRole: `${name}_owner`,
    appRole: `${name}_app`,
    schemaFile: join(folder, 'prisma/schema.prisma'),
    migrationsFolder: join(folder, 'prisma/migrations'),
  };
}
