import type pg from 'pg';
import { close, connect, destroy } from '../connection/index.js';
import { quote } from '../history/index.js';
import type { Service } from '../services/index.js';
import type { Emit, ServiceEvent } from './events.js';
import { Observer } from './observer.js';
import type { DeploySettings } from './settings.js';

/** What every part of one service's deploy works with. */
export interface Session {
  service: Service;
  url: string;
  /** Holds the deploy lock and runs the scripts: while its backend lives, nobody else starts. */
  client: pg.Client;
  backendPid: number;
  observer: Observer;
  settings: DeploySettings;
  emit: (event: ServiceEvent) => void;
  /** Data migrations that a schema migration requires are run when it comes to it. */
  withData: boolean;
  signal: AbortSignal | undefined;
}

export interface SessionOptions {
  service: Service;
  url: string;
  settings: DeploySettings;
  onEvent?: Emit | undefined;
  withData?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export async function openSession(options: SessionOptions): Promise<Session> {
  const { service, url, settings, onEvent, withData = false, signal } = options;
  const emit = (event: ServiceEvent) => onEvent?.({ ...event, service: service.name });
  const open = (purpose: string, waitMs: number) =>
    connect({
      url,
      applicationName: `db ${purpose} ${service.name} (pid ${process.pid})`,
      waitMs,
      onWaiting: (reason) => emit({ type: 'server-starting', reason }),
      signal,
    });
  const client = await open('deploy', settings.serverWaitMs);
  signal?.addEventListener('abort', () => destroy(client), { once: true });
  const observer = new Observer(() => open('deploy watch', 0));
  return { service, url, client, backendPid: 0, observer, settings, emit, withData, signal };
}

export async function closeSession({ client, observer }: Session): Promise<void> {
  await Promise.all([close(client), observer.close()]);
}

/**
 * Undoes what an earlier script set for the session and drops its temporary tables, which would hide others. Unqualified names mean the service's own schema, as in Prisma.
 * The server looks every second whether we are still there: the backend of a killed deploy must not work on.
 */
export const resetSession = (schema: string): string[] => [
  'RESET ROLE',
  'RESET ALL',
  'DISCARD TEMP',
  `SET search_path = ${quote(schema)}`,
  "SET client_connection_check_interval = '1s'",
  "SET idle_in_transaction_session_timeout = '1min'",
];
