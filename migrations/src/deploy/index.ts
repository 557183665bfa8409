import type { Service } from '../services/index.js';
import type { Emit } from './events.js';
import type { Run } from './order.js';
import { applyPending, claim, type Survey, survey } from './service.js';
import { closeSession, openSession, type Session } from './session.js';
import { type DeploySettings, parseSettings } from './settings.js';

export { GaveUp, HistoryConflict, MigrationFailed, PoolerInTheWay } from './errors.js';
export type { DeployEvent, Emit, Peer } from './events.js';
export {
  type DeploySettings,
  formatDuration,
  parseDuration,
  parseSettings,
  type RawSettings,
  settingsHelp,
} from './settings.js';

interface CommonOptions {
  onEvent?: Emit | undefined;
  /** Aborting is as good as a kill: the connection closes, PostgreSQL undoes, the next deploy continues. */
  signal?: AbortSignal | undefined;
  settings?: DeploySettings | undefined;
  /** Run the data migrations that pending migrations require, instead of refusing those. */
  withData?: boolean | undefined;
}

export interface DeployOptions extends CommonOptions {
  service: Service;
  /** The owner role's URL. */
  url: string;
}

export interface DeployAllOptions extends CommonOptions {
  services: Service[];
  /** The owner role's URL of each service. */
  urlOf: (service: Service) => string;
}

export interface DeployResult {
  service: string;
  /** What this call applied, in order. */
  applied: string[];
  /** Applied to the database, absent from this checkout. */
  unknown: string[];
}

/** Brings one service's schema up to date. */
export async function deployService({ service, url, ...options }: DeployOptions): Promise<DeployResult> {
  const [result] = await deployAll({ ...options, services: [service], urlOf: () => url });
  return result ?? { service: service.name, applied: [], unknown: [] };
}

/**
 * Brings every service's schema up to date, in the order in which their migrations refer to one another; stops at the
 * first failure. Safe to kill at any moment and to start many times at once: of all deploys of a service one works,
 * the others wait and find nothing left to do.
 */
export async function deployAll({ services, urlOf, ...options }: DeployAllOptions): Promise<DeployResult[]> {
  const began = Date.now();
  const settings = options.settings ?? parseSettings();
  // All URLs before the first connection: one that is missing must not leave another open.
  const targets = services.map((service) => ({ service, url: urlOf(service) }));
  const sessions = await openAll(targets.map((target) => openSession({ ...options, settings, ...target })));
  try {
    const surveys = await Promise.all(sessions.map(survey));
    const applied = await applyAll(surveys.filter(isBehind));
    return surveys.map(({ session, state }) => {
      const result = {
        service: session.service.name,
        applied: applied.get(session) ?? [],
        unknown: state.unknown,
      };
      session.emit({ type: 'finished', applied: result.applied.length, ms: Date.now() - began });
      return result;
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await Promise.all(sessions.map(closeSession));
  }
}

const isBehind = ({ state }: Survey): boolean => state.pending.length > 0;

/** The locks are taken in one order by everybody, so that no two deploys wait for each other. */
async function applyAll(surveys: Survey[]): Promise<Map<Session, string[]>> {
  const claimed: Survey[] = [];
  for (const each of surveys) claimed.push(await claim(each));
  const applied = new Map<Session, string[]>();
  for (const { survey: of, through } of await planRuns(claimed.filter(isBehind))) {
    const before = applied.get(of.session) ?? [];
    applied.set(of.session, [...before, ...(await applyPending(of, through))]);
  }
  return applied;
}

async function openAll(opening: Promise<Session>[]): Promise<Session[]> {
  const settled = await Promise.allSettled(opening);
  const sessions = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (!failed) return sessions;
  await Promise.all(sessions.map(closeSession));
  throw failed.reason;
}

async function planRuns(surveys: Survey[]): Promise<Run[]> {
  if (surveys.length === 0) return [];
  const { orderRuns } = await import('./order.js');
  return orderRuns(surveys);
}
