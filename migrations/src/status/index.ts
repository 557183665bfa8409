import { close, connect, explainQuery } from '../connection/index.js';
import {
  compareHistory,
  type HistoryRow,
  hasSchema,
  readHistory,
  readMark,
  readMigrations,
  readText,
} from '../history/index.js';
import type { Service } from '../services/index.js';

export interface FailedMigration {
  name: string;
  startedAt: Date;
  /** `running` is being applied at this moment, or was cut off; `failed` was refused by PostgreSQL. */
  state: 'running' | 'failed';
  reason: string;
}

/** `none in tables` where the role may make no scratch database, so that checks, triggers and their like are unknown. */
export type Drift = 'none' | 'none in tables' | 'found' | 'not compared';

export interface ServiceStatus {
  service: string;
  /** Whether the database has the service's schema; without it nothing can be deployed. */
  isPrepared: boolean;
  applied: string[];
  pending: string[];
  failed: FailedMigration[];
  /** Applied with another text than their files have now. */
  edited: string[];
  /** Applied, but not in this checkout. */
  unknown: string[];
  /** Compared only where nothing is pending: before that the schema is ahead of the database by intention. */
  drift: Drift;
}

export interface StatusOptions {
  service: Service;
  url: string;
  /** Comparing takes the schema engine and a scratch database, about half a second. */
  compare: boolean;
}

/** Where one service's database stands. Reads only. */
export async function readStatus({ service, url, compare }: StatusOptions): Promise<ServiceStatus> {
  const migrations = await readMigrations(service.migrationsFolder);
  const { history, isPrepared } = await historyOf(service, url);
  const { applied, pending, edited, unfinished, unknown } = compareHistory(migrations, history);
  const failed = unfinished.map(({ row }) => describe(row));
  const begun = new Set(failed.map(({ name }) => name));
  return {
    service: service.name,
    isPrepared,
    applied: applied.map(({ name }) => name),
    pending: pending.map(({ name }) => name).filter((name) => !begun.has(name)),
    failed,
    edited: edited.map(({ name }) => name),
    unknown,
    drift: compare && pending.length === 0 ? await findDrift(service, url) : 'not compared',
  };
}

async function historyOf(
  { name, schema }: Service,
  url: string,
): Promise<{ history: HistoryRow[]; isPrepared: boolean }> {
  const client = await connect({ url, applicationName: `db status ${name}` });
  try {
    const history = await readHistory(client, schema);
    return { history: history ?? [], isPrepared: history !== undefined || (await hasSchema(client, schema)) };
  } catch (error) {
    throw explainQuery(error, url);
  } finally {
    await close(client);
  }
}

function describe({ migration_name, started_at, logs }: HistoryRow): FailedMigration {
  const state = readMark(logs)?.state ?? 'failed';
  return { name: migration_name, startedAt: started_at, state, reason: readText(logs) };
}

async function findDrift(service: Service, url: string): Promise<Drift> {
  const { verifyService } = await import('../verify/index.js');
  const { equal, notCompared } = await verifyService(service, url);
  if (!equal) return 'found';
  return notCompared === undefined ? 'none' : 'none in tables';
}
