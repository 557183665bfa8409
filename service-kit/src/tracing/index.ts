export { traceQueries } from './queries.js';
export type { Span } from './span.js';
export { createTracing, Tracing } from './tracing.js';
