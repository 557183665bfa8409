import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { UserError } from '../errors/index.js';
import { readMigrations } from '../history/index.js';
import { findServices, type Service } from '../services/index.js';
import { appliedInDatabase, appliedOnBranch } from './applied.js';
import { readDeclared } from './declared.js';
import type { Finding } from './finding.js';
import { lint } from './lint.js';
import type { Applied, MigrationSource } from './rule.js';

export type { Finding, Level } from './finding.js';
export { type LintOptions, lint } from './lint.js';
export { type Format, formats, isFormat, report } from './report/index.js';
export type { Applied, Declared, MigrationSource, Rule, ServiceNames } from './rule.js';
export { rules } from './rules/index.js';

export interface LintRequest {
  services: Service[];
  /** Only these; all migrations of the services when there are none. */
  files?: string[];
  /** A branch or commit whose migrations count as applied. */
  base?: string | undefined;
  /** Whether to ask each service's database what was applied. */
  database?: boolean | undefined;
}

/** What is wrong with the migrations of the services, or with the files given. */
export async function lintServices({
  services,
  files = [],
  base,
  database,
}: LintRequest): Promise<Finding[]> {
  const wanted = files.map((file) => resolve(file));
  const owners = new Map((await everyService(services)).map(({ schema, name }) => [schema, name]));
  const findings: Finding[] = [];
  for (const service of services) {
    const only = wanted.filter((file) => belongsTo(file, service));
    if (wanted.length > 0 && only.length === 0) continue;
    findings.push(
      ...(await lint({
        migrations: (await readMigrations(service.migrationsFolder)).map(shorten),
        ...(wanted.length > 0 && { only: new Set(only.map(shortPath)) }),
        service: { name: service.name, schema: service.schema, owners },
        declared: () => readDeclared(service),
        applied: await readApplied(service, base, database),
      })),
    );
  }
  const strays = wanted.filter((file) => !services.some((service) => belongsTo(file, service)));
  for (const file of strays) findings.push(...(await lint({ migrations: [await readStray(file)] })));
  return findings;
}

/** The services a name may belong to, also when only one of them is linted. */
const everyService = async (services: Service[]): Promise<Service[]> => {
  const [first] = services;
  return first ? findServices(resolve(first.folder, '..')) : [];
};

async function readApplied(
  service: Service,
  base: string | undefined,
  database: boolean | undefined,
): Promise<Applied | undefined> {
  if (database) return appliedInDatabase(service);
  return base === undefined ? undefined : appliedOnBranch(service, base);
}

const belongsTo = (file: string, { migrationsFolder }: Service) => file.startsWith(migrationsFolder + sep);
const shortPath = (file: string) => relative(process.cwd(), file) || file;
const shorten = ({ name, file, sql }: MigrationSource): MigrationSource => ({
  name,
  file: shortPath(file),
  sql,
});

/** A file that belongs to no service is judged on its own. */
async function readStray(file: string): Promise<MigrationSource> {
  const sql = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('UNREADABLE_FILE', `${shortPath(file)} cannot be read.`, {
      hint: 'Name migration.sql files, or none to lint every service.',
      cause,
    });
  });
  return { name: shortPath(file), file: shortPath(file), sql };
}
