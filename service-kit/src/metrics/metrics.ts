import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The process's Prometheus registry: rate, errors and duration of requests and calls, and the pool. Services add their own. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [this.registry],
  });
  private readonly calls = new Histogram({
    name: 'grpc_request_duration_seconds',
    help: 'Calls of other services answered, by method and status.',
    labelNames: ['method', 'status'],
    buckets,
    registers: [this.registry],
  });

  constructor(pool: Pool) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('database_pool_connections', 'Connections open.', () => pool.totalCount);
    this.gauge('database_pool_idle', 'Connections not in use.', () => pool.idleCount);
    this.gauge('database_pool_waiting', 'Callers waiting for a connection.', () => pool.waitingCount);
  }

  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.requests.labels(method, route, String(status)).observe(seconds);
  }

  observeCall(method: string, status: string, seconds: number): void {
    this.calls.labels(method, status).observe(seconds);
  }
}
