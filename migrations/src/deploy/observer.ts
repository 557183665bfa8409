import type pg from 'pg';
import { close } from '../connection/index.js';
import type { Peer } from './events.js';

const tryAgainMs = 2000;

/** A second connection, opened when first needed: the first one cannot be asked anything while it waits. */
export class Observer {
  /** The connection there is now has answered, so that its silence tells something of the network. */
  hasAnswered = false;
  #client: Promise<pg.Client> | undefined;
  #prepared: boolean | undefined;
  readonly #open: () => Promise<pg.Client>;

  constructor(open: () => Promise<pg.Client>) {
    this.#open = open;
  }

  /** Where the server has no connection left, it fails at once. */
  async query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    const client = await this.#connect();
    const { rows } = await client.query<Row>(text, values);
    this.hasAnswered = true;
    return rows;
  }

  #connect(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const opening = this.#open();
    const forget = () => {
      this.#client = undefined;
      this.hasAnswered = false;
    };
    // A server without a free connection is not asked for one twice a second.
    opening.then(
      (client) => client.once('end', forget),
      () => setTimeout(forget, tryAgainMs).unref(),
    );
    this.#client = opening;
    return opening;
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
