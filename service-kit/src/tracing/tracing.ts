import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { ServiceConfig } from '../config/index.js';
import type { Log } from '../logging/index.js';
import type { Attributes, Span, Tracer } from './span.js';

/** Milliseconds that stopping waits for a collector that does not answer. */
const patience = 1_000;

/** Traces by OpenTelemetry, of requests and calls that are served. Off, it costs nothing and answers no span. */
export class Tracing implements OnApplicationShutdown {
  constructor(private readonly tracer?: Tracer) {}

  get isOn(): boolean {
    return this.tracer !== undefined;
  }

  serve(name: string, parent: string | undefined, attributes: Attributes): Span | undefined {
    return this.tracer?.start(name, 'server', { parent, attributes });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.tracer?.stop(), sleep(patience, undefined, { ref: false })]);
  }
}

/** The SDK is loaded only where there is somebody to send traces to. */
export async function createTracing(service: string, config: ServiceConfig, log: Log): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  if (!endpoint) return new Tracing();
  const { createTracer } = await import('./otlp-tracer.js');
  return new Tracing(createTracer({ service, endpoint, ratio, log }));
}
