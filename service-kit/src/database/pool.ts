import { Pool } from 'pg';
import type { ServiceConfig } from '../config/index.js';
import type { Log } from '../logging/index.js';
import { traceQueries } from '../tracing/index.js';

/** The service's one pool. Prisma uses it too: `new PrismaPg(pool)`. */
export function createPool(config: ServiceConfig, service: string, log: Log): Pool {
  const pool = new Pool({
    connectionString: config.DATABASE_URL,
    application_name: service,
    max: config.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
  });
  // An idle connection that the server closes would otherwise end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT) traceQueries(pool);
  return pool;
}
