import { Pool, type PoolConfig } from 'pg';
import type { ServiceConfig } from '../config/index.js';
import type { Log } from '../logging/index.js';
import { traceQueries } from '../tracing/index.js';

type Limits = Pick<PoolConfig, 'max' | 'connectionTimeoutMillis' | 'statement_timeout'>;

/** The service's pool, which Prisma uses too (`new PrismaPg(pool)`), or one with limits of its own beside it. */
export function createPool(config: ServiceConfig, name: string, log: Log, limits: Limits = {}): Pool {
  const pool = new Pool({
    connectionString: config.DATABASE_URL,
    application_name: name,
    max: config.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
    ...limits,
  });
  // An idle connection that the server closes would otherwise end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT) traceQueries(pool);
  return pool;
}
