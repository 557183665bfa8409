import { dirname } from 'node:path';
import type pg from 'pg';
import { close, connect, explainQuery } from '../connection/index.js';
import {
  compareHistory,
  type HistoryRow,
  type Migration,
  readHistory,
  readMark,
  readMigrations,
  readText,
} from '../history/index.js';
import { type Finding, lintServices } from '../lint/index.js';
import { Catalog } from '../locks/index.js';
import { type PlannedStatement, planStatements, sizesIn } from '../plan/statements.js';
import type { Service } from '../services/index.js';
import { type DataReport, findWaiting, readDataMigrations } from './data-migrations.js';

export type MigrationState = 'pending' | 'running' | 'failed' | 'edited' | 'unknown' | 'applied';

export interface MigrationReport {
  service: string;
  name: string;
  state: MigrationState;
  appliedAt: Date | undefined;
  /** What PostgreSQL said where the migration failed. */
  reason: string;
  statements: PlannedStatement[];
  /** What `yarn db lint` says of it. */
  findings: Finding[];
}

export interface ServiceReport {
  name: string;
  migrations: MigrationReport[];
  /** As `yarn db verify` lists it; undefined where it was not compared. */
  drift: string | undefined;
  dataMigrations: DataReport[];
}

export interface Report {
  createdAt: Date;
  services: ServiceReport[];
  /** Data migrations of this checkout for these services that never ran. */
  waitingData: string[];
}

export interface CollectOptions {
  root: string;
  services: Service[];
  urlOf: (service: Service) => string;
  /** Comparing database and schema takes about half a second a service. */
  compare: boolean;
}

/** Everything the report shows, read from the checkout and from every service's database. Changes nothing. */
export async function collectReport({ root, services, urlOf, compare }: CollectOptions): Promise<Report> {
  const reports = await Promise.all(
    services.map((service) => collectService(service, { root, url: urlOf(service), compare })),
  );
  const begun = new Set(reports.flatMap(({ dataMigrations }) => dataMigrations.map(({ name }) => name)));
  return { createdAt: new Date(), services: reports, waitingData: await findWaiting(root, services, begun) };
}

async function collectService(
  service: Service,
  { root, url, compare }: { root: string; url: string; compare: boolean },
): Promise<ServiceReport> {
  const files = await readMigrations(service.migrationsFolder);
  const { history, statements, dataMigrations } = await readDatabase(service, { root, url, files });
  const findings = await lintServices({ services: [service] });
  const states = statesOf(files, history);
  const unknown = compareHistory(files, history).unknown;
  return {
    name: service.name,
    drift: compare ? await compareSchema(service, url) : undefined,
    dataMigrations,
    migrations: [...files.map(({ name }) => name), ...unknown].map((name) => ({
      service: service.name,
      name,
      ...(states.get(name) ?? { state: 'unknown', reason: '' }),
      appliedAt: lastRow(history, name)?.finished_at ?? undefined,
      statements: statements.get(name) ?? [],
      findings: findings.filter(({ file }) => dirname(file).endsWith(`/${name}`)),
    })),
  };
}

async function readDatabase(
  service: Service,
  { root, url, files }: { root: string; url: string; files: Migration[] },
) {
  const client = await connect({ url, applicationName: `db report ${service.name}` });
  try {
    return {
      history: (await readHistory(client, service.schema)) ?? [],
      statements: await readStatements(client, service, files),
      dataMigrations: await readDataMigrations(client, service, root),
    };
  } catch (error) {
    throw explainQuery(error, url);
  } finally {
    await close(client);
  }
}

/** Every statement with what it locks, on tables as large as they are today. */
async function readStatements(client: pg.Client, { schema }: Service, files: Migration[]) {
  const catalog = new Catalog(schema);
  const sizes = sizesIn(client);
  const statements = new Map<string, PlannedStatement[]>();
  for (const migration of files) {
    catalog.beginMigration();
    statements.set(migration.name, await planStatements(sizes, migration, catalog));
  }
  return statements;
}

function statesOf(files: Migration[], history: HistoryRow[]) {
  const { applied, pending, edited, unfinished } = compareHistory(files, history);
  const all = new Map<string, { state: MigrationState; reason: string }>();
  for (const { name } of applied) all.set(name, { state: 'applied', reason: '' });
  for (const { name } of edited)
    all.set(name, { state: 'edited', reason: 'Its file changed after it was applied.' });
  for (const { name } of pending) all.set(name, { state: 'pending', reason: '' });
  for (const { row } of unfinished) {
    const state = readMark(row.logs)?.state ?? 'failed';
    all.set(row.migration_name, { state, reason: readText(row.logs) });
  }
  return all;
}

const lastRow = (history: HistoryRow[], name: string) =>
  history.findLast((row) => row.migration_name === name && row.rolled_back_at === null);

async function compareSchema(service: Service, url: string): Promise<string> {
  const { verifyService } = await import('../verify/index.js');
  const { differences } = await verifyService(service, url);
  return differences;
}
