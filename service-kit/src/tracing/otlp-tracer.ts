import {
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '../logging/index.js';
import type { Span, Tracer } from './span.js';

interface Options {
  readonly service: string;
  /** Where OTLP over HTTP is taken; `/v1/traces` is appended. */
  readonly endpoint: string;
  /** Of the traces that begin here, the part that is recorded. */
  readonly ratio: number;
  readonly log: Log;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** Parents are handed from span to span, so none of OpenTelemetry's global state and context tracking is needed. */
export function createTracer({ service, endpoint, ratio, log }: Options): Tracer {
  const warn = (message: string) => log.warn({ message }, 'OpenTelemetry');
  const ignore = () => undefined;
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: 3_000,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('@bw/service-kit');
  const start: Tracer['start'] = (name, kind, { parent, attributes = {} }) => {
    const parentContext = parent === undefined ? null : parseTraceParent(parent);
    const context = parentContext
      ? trace.setSpanContext(ROOT_CONTEXT, { ...parentContext, isRemote: true })
      : ROOT_CONTEXT;
    const options = { kind: kinds[kind], attributes };
    return toSpan(tracer.startSpan(name, options, context), start);
  };
  return { start, stop: () => provider.shutdown() };
}

function toSpan(span: SdkSpan, start: Tracer['start']): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  return {
    traceparent,
    child: (name, kind, attributes = {}) => start(name, kind, { parent: traceparent, attributes }),
    end({ attributes = {}, failed = false } = {}) {
      span.setAttributes(attributes);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
