import { randomUUID } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { currentContext, type RequestContext } from '../context/index.js';

/** Passes the request's id and trace on, so that one request reads as one across the services' logs. */
export function addContext(metadata: Metadata): void {
  const context = currentContext();
  if (context) metadata.set('x-request-id', context.requestId);
  if (context?.traceparent) metadata.set('traceparent', context.traceparent);
}

export function contextOf(metadata: Metadata): RequestContext {
  const requestId = textOf(metadata, 'x-request-id') ?? randomUUID();
  const traceparent = textOf(metadata, 'traceparent');
  return { requestId, ...(traceparent && { traceparent }) };
}

export function textOf(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' && value.length <= 128 ? value : undefined;
}
