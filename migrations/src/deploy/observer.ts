import type pg from 'pg';
import { close } from '../connection/index.js';
import type { Peer } from './events.js';

/** A second connection, opened when first needed: the first one cannot be asked anything while it waits. */
export class Observer {
  #client: Promise<pg.Client> | undefined;
  #prepared: boolean | undefined;
  readonly #open: () => Promise<pg.Client>;

  constructor(open: () => Promise<pg.Client>) {
    this.#open = open;
  }

  async query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    this.#client ??= this.#open();
    const { rows } = await (await this.#client).query<Row>(text, values);
    return rows;
  }

  /** The sessions that keep a backend waiting. */
  async blockersOf(pid: number): Promise<Peer[]> {
    return this.query<Peer>(await this.#blockers(), [pid]);
  }

  /** In a database that init-schemas.sql has not prepared, what belongs to other roles stays hidden. */
  async #blockers(): Promise<string> {
    const sql = "SELECT to_regproc('public.blocking_sessions') IS NOT NULL AS prepared";
    this.#prepared ??= (await this.query<{ prepared: boolean }>(sql, []))[0]?.prepared;
    return this.#prepared ? 'SELECT * FROM public.blocking_sessions($1)' : visibleBlockers;
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    if (client) await close(client);
  }
}

const visibleBlockers = `
  SELECT pid, usename AS "user", application_name AS application, client_addr AS client, xact_start AS since, state,
         left(query, 200) AS query
    FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids($1)) ORDER BY xact_start`;
