import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type RequestContext, runInContext } from '../context/index.js';
import type { Readiness } from '../health/index.js';
import type { Log } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Span, Tracing } from '../tracing/index.js';

declare module 'fastify' {
  interface FastifyRequest {
    span?: Span;
  }
}

interface Surroundings {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly tracing: Tracing;
}

/** What surrounds every request: its context, the common headers, one log line and its duration. */
export function addHooks(server: FastifyInstance, { log, metrics, readiness, tracing }: Surroundings): void {
  const requestLog = log.child({}, { redact: [] });
  // With callbacks: a promise for each hook of each request would cost more than what the hooks do.
  server.addHook('onRequest', (request, _reply, done) => {
    const context = contextOf(request);
    const span = tracing.isOn ? startSpan(request, context.traceparent, tracing) : undefined;
    if (!span) return runInContext(context, done);
    request.span = span;
    runInContext({ ...context, traceparent: span.traceparent, span }, done);
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    addHeaders(request, reply);
    if (reply.statusCode === 413 && isDrained(request)) reply.removeHeader('connection');
    // Who keeps connections open shall leave by itself: closing one may meet a request on its way.
    if (readiness.isStopping) reply.header('connection', 'close');
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const milliseconds = reply.elapsedTime;
    metrics.observeRequest(request.method, route, reply.statusCode, milliseconds / 1_000);
    requestLog.info(describe(request, reply, route, milliseconds), 'request');
    const attributes = { 'http.response.status_code': reply.statusCode };
    request.span?.end({ attributes, failed: reply.statusCode >= 500 });
    done();
  });
}

/** What the gateway lets through at most. */
const drained = 1024 * 1024;

/**
 * The rest of a body that was refused for its size is read and thrown away, up to this size. Closing instead, as Fastify
 * would, resets the connection: who is still sending may see that and no answer, and a gateway makes a 502 of it.
 */
const isDrained = ({ headers }: FastifyRequest) => Number(headers['content-length'] ?? Infinity) <= drained;

function startSpan(request: FastifyRequest, parent: string | undefined, tracing: Tracing) {
  const route = request.routeOptions.url ?? 'unknown';
  const attributes = { 'http.request.method': request.method, 'http.route': route };
  return tracing.serve(`${request.method} ${route}`, parent, attributes);
}

function contextOf(request: FastifyRequest): RequestContext {
  const traceparent = traceparentOf(request);
  return {
    requestId: request.id,
    ipAddress: request.ip,
    ...(traceparent && { traceparent }),
    ...(request.headers['user-agent'] && { userAgent: request.headers['user-agent'].slice(0, 300) }),
  };
}

/** W3C Trace Context. What has another form would end up in the log, and fail the calls to other services. */
const traceparentForm = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

function traceparentOf({ headers: { traceparent } }: FastifyRequest): string | undefined {
  return typeof traceparent === 'string' && traceparentForm.test(traceparent) ? traceparent : undefined;
}

export function addHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
}

/**
 * The route's pattern, not the address: a query may carry what nobody should read in a log. Nothing else here is
 * secret, so these lines go without redaction.
 */
export function describe(
  request: FastifyRequest,
  reply: FastifyReply,
  route: string,
  milliseconds: number,
): object {
  return {
    requestId: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    milliseconds: Math.round(milliseconds * 10) / 10,
    ip: request.ip,
    userId: request.principal?.userId,
    trace: request.span?.traceparent ?? traceparentOf(request),
  };
}
