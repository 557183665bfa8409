import type { DataEvent } from '../data/index.js';
import type { Mark } from '../history/index.js';

/** A session of PostgreSQL, as far as the asking role may see it. */
export interface Peer {
  pid: number;
  user: string | null;
  application: string | null;
  client: string | null;
  /** When its transaction began, or its connection for the holder of the deploy lock. */
  since: Date | null;
  state: string | null;
  query: string | null;
}

interface AboutMigration {
  migration: string;
}

/** What happens during the deploy of one service. */
export type ServiceEvent =
  | { type: 'server-starting'; reason: string }
  | { type: 'unknown-migrations'; names: string[] }
  | { type: 'waiting'; holders: Peer[]; waitedMs: number }
  | { type: 'waited'; waitedMs: number }
  | (AboutMigration & {
      type: 'found';
      state: Mark['state'];
      by: string;
      startedAt: Date;
      done: number;
      steps: number;
    })
  | (AboutMigration & { type: 'applying'; number: number; of: number })
  | (AboutMigration & { type: 'running'; statement: string; line: number; ms: number })
  | (AboutMigration & {
      type: 'blocked';
      statement: string;
      line: number;
      blockers: Peer[];
      waitedMs: number;
    })
  | (AboutMigration & {
      type: 'retry';
      reason: string;
      lockTimeoutMs: number;
      pauseMs: number;
      attempt: number;
    })
  | (AboutMigration & { type: 'invalid-index'; index: string })
  | (AboutMigration & { type: 'already-done'; statement: string })
  | (AboutMigration & { type: 'applied'; ms: number })
  | { type: 'changing-data'; dataMigration: string }
  | { type: 'data'; dataMigration: string; event: DataEvent }
  | { type: 'changed-data'; dataMigration: string; rows: number }
  | { type: 'finished'; applied: number; ms: number };

/** The command prints them; a library caller may listen or not. */
export type DeployEvent = ServiceEvent & { service: string };

export type Emit = (event: DeployEvent) => void;
