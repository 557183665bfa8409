import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { explainConnection } from './explain.js';

export { ConnectionLost, explainQuery, isConnectionLost } from './explain.js';

export interface ConnectOptions {
  url: string;
  /** Shown in `pg_stat_activity` and to whoever waits for this connection's locks. */
  applicationName: string;
  /** How long to wait for a server that is still starting or has no connection left. */
  waitMs?: number;
  /** Called once, when waiting begins, with the server's own words. */
  onWaiting?: (reason: string) => void;
  signal?: AbortSignal | undefined;
}

// cannot_connect_now: the server is starting, stopping or recovering. too_many_connections: others will leave.
const passing = new Set(['57P03', '53300']);

/** One dedicated connection. Refusals become messages that say what to do; none contains the password. */
export async function connect(options: ConnectOptions): Promise<pg.Client> {
  const deadline = Date.now() + (options.waitMs ?? 0);
  for (let attempt = 0; ; attempt++) {
    try {
      return await open(options);
    } catch (error) {
      const isPassing = passing.has((error as pg.DatabaseError).code ?? '');
      if (!isPassing || Date.now() >= deadline) throw explainConnection(error, options.url);
      if (attempt === 0) options.onWaiting?.((error as Error).message);
      await sleep(200 + Math.random() * 100, undefined, { signal: options.signal });
    }
  }
}

async function open({ url, applicationName }: ConnectOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A connection that dies while idle would otherwise end the process; the next query reports it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Says goodbye; a server that no longer hears is not waited for. */
export async function close(client: pg.Client): Promise<void> {
  const impatience = setTimeout(() => destroy(client), 2000);
  await client.end().catch(() => undefined);
  clearTimeout(impatience);
}

/** Ends the connection without asking the server. What waits for an answer fails at once. */
export function destroy(client: pg.Client): void {
  client.connection.stream.destroy();
}
