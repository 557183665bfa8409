import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '../tracing/span.js';

/** What belongs to the request being served, for logs, audit trails and calls to other services. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceparent?: string;
  /** Where the request is traced; what is done for it becomes a child. */
  readonly span?: Span;
  readonly ipAddress?: string;
  readonly userAgent?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** Undefined outside a request, such as in a background task. */
export const currentContext = (): RequestContext | undefined => storage.getStore();
