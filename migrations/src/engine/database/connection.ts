import { isNativeError } from 'node:util/types';
import pg from 'pg';
import {
  accessDenied,
  authenticationFailed,
  connectionClosed,
  databaseMissing,
  notReachable,
  type Place,
  tlsFailed,
  tooManyConnections,
} from '../errors.js';
import { ScriptFailure } from './script-failure.js';
import type { DatabaseUrl } from './url.js';

/** What every script finds on its connection, whatever the script before it has set. */
export interface Session {
  searchPath?: string | undefined;
  role?: string | undefined;
}

/** One connection to one database: scripts, locks and the history share it, as PostgreSQL's guarantees ask. */
export class Connection {
  readonly place: Place;
  readonly #client: pg.Client;
  readonly #session: Session;
  #lost: Error | undefined;

  private constructor(place: Place, client: pg.Client, session: Session) {
    this.place = place;
    this.#client = client;
    this.#session = session;
    client.on('error', (error) => {
      this.#lost = error;
    });
  }

  static async open(url: DatabaseUrl, session: Session = {}): Promise<Connection> {
    const client = new pg.Client(url.client);
    const connection = new Connection(url.place, client, session);
    try {
      await client.connect();
      await connection.#prepareSession();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw explainConnectError(error, url.place);
    }
    return connection;
  }

  /** Rows as arrays of PostgreSQL's own text. */
  async query(text: string, values: unknown[] = []): Promise<pg.QueryArrayResult<(string | null)[]>> {
    this.#assertAlive();
    try {
      return await this.#client.query({ text, values, rowMode: 'array', types: rawText });
    } catch (error) {
      throw this.#lost ? connectionClosed(error) : error;
    }
  }

  /**
   * Runs a whole script as one simple query. PostgreSQL makes that one transaction, unless the script says BEGIN
   * itself or is a single statement that must not be in one.
   */
  async run(script: string): Promise<void> {
    this.#assertAlive();
    const completed = { statements: 0 };
    try {
      await runSimpleQuery(this.#client, script, completed);
    } catch (error) {
      // The error arrives before word of the transaction's state, so this does not ask; outside of one it does nothing.
      await this.#rollBack();
      if (this.#lost || !(error instanceof pg.DatabaseError)) throw connectionClosed(error);
      throw ScriptFailure.refused(script, completed.statements, error);
    }
    if (this.#client.getTransactionStatus() !== 'I') {
      await this.#rollBack();
      throw ScriptFailure.unfinished(script, completed.statements);
    }
    await this.#prepareSession();
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #prepareSession(): Promise<void> {
    const { searchPath, role } = this.#session;
    // A killed engine must not leave a backend behind that works on, or waits on, with nobody to tell.
    await this.#client.query("SET client_connection_check_interval = '1s'");
    if (role) await this.#client.query(`SET ROLE ${pg.escapeIdentifier(role)}`);
    if (searchPath) await this.#client.query(`SET search_path = ${pg.escapeIdentifier(searchPath)}`);
  }

  async #rollBack(): Promise<void> {
    if (this.#lost) return;
    await this.#client.query('ROLLBACK').catch(() => undefined);
    await this.#prepareSession().catch(() => undefined);
  }

  #assertAlive(): void {
    if (this.#lost) throw connectionClosed(this.#lost);
  }
}

const rawText = { getTypeParser: () => (value: string) => value };

function runSimpleQuery(client: pg.Client, script: string, completed: { statements: number }): Promise<void> {
  const query = new pg.Query(script);
  const submit = query.submit.bind(query);
  query.submit = (connection) => {
    const count = () => {
      completed.statements++;
    };
    connection.on('commandComplete', count);
    const stop = () => connection.off('commandComplete', count);
    query.on('end', stop).on('error', stop);
    return submit(connection);
  };
  return new Promise((resolve, reject) => {
    // Listening to rows keeps pg from collecting them.
    query
      .on('row', () => undefined)
      .on('end', () => resolve())
      .on('error', reject);
    client.query(query);
  });
}

function explainConnectError(error: unknown, place: Place): unknown {
  if (!isNativeError(error)) return error;
  switch ('code' in error ? error.code : undefined) {
    case '28P01':
      return authenticationFailed(place, error);
    case '28000':
    case '42501':
      return accessDenied(place, error);
    case '3D000':
      return databaseMissing(place, error);
    case '53300':
      return tooManyConnections(error.message, error);
  }
  if (isTlsProblem(error)) return tlsFailed(error.message, error);
  return error instanceof pg.DatabaseError && error.code !== startingUp ? error : notReachable(place, error);
}

const startingUp = '57P03';

function isTlsProblem(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /CERT|TLS|SSL/.test(code) || error.message.includes('SSL connection');
}
