import type pg from 'pg';
import {
  type DataState,
  estimateTotal,
  listDataMigrations,
  loadDataMigration,
  readStates,
} from '../data/index.js';
import type { Service } from '../services/index.js';

/** One that has begun; `total` is an estimate, and unknown where this checkout lacks its file. */
export type DataReport = DataState & { total: number | undefined };

export async function readDataMigrations(
  client: pg.Client,
  service: Service,
  root: string,
): Promise<DataReport[]> {
  const reports: DataReport[] = [];
  for (const state of await readStates(client, service.schema)) {
    const total = state.finished_at ? state.rows_done : await totalOf(client, { service, root, state });
    reports.push({ ...state, total });
  }
  return reports;
}

async function totalOf(
  client: pg.Client,
  { service, root, state }: { service: Service; root: string; state: DataState },
): Promise<number | undefined> {
  const migration = await loadDataMigration(root, state.name).catch(() => undefined);
  return migration && estimateTotal(client, service, migration, state);
}

/** What never began and is about one of these services; a file that cannot be read is shown wherever it belongs. */
export async function findWaiting(root: string, services: Service[], begun: Set<string>): Promise<string[]> {
  const waiting: string[] = [];
  for (const name of (await listDataMigrations(root)).filter((each) => !begun.has(each))) {
    const migration = await loadDataMigration(root, name).catch(() => undefined);
    if (!migration || services.some((service) => service.name === migration.definition.service))
      waiting.push(name);
  }
  return waiting;
}
