import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type InputFault, ServiceError, UnavailableError } from './service-error.js';

/** RFC 9457, with a stable code, the request's id and a pointer for each fault of the input. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly InputFault[];
}

export const problemContentType = 'application/problem+json';

/** Anything thrown, as an error that may leave the service. What was not meant to leave becomes a plain 500. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isPoolExhausted(error))
    return new UnavailableError('The service is busy; send the request again.', 1, 'busy');
  const status = statusOf(error);
  const mapped = framework[status];
  if (mapped) return new ServiceError(status, mapped.code, mapped.detail, { cause: error });
  if (status >= 400 && status < 500) {
    return new ServiceError(status, 'bad_request', 'The request cannot be understood.', { cause: error });
  }
  return new ServiceError(500, 'internal', 'Something went wrong on our side.', { cause: error });
}

export function toProblem(error: ServiceError, requestId: string): Problem {
  return {
    type: `urn:problem:${error.code.replaceAll('_', '-')}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.errors && { errors: error.errors }),
  };
}

export function sendProblem(error: ServiceError, requestId: string, reply: FastifyReply): void {
  reply
    .status(error.status)
    .headers(error.headers)
    .header('content-type', problemContentType)
    .send(JSON.stringify(toProblem(error, requestId)));
}

/** What Nest and Fastify refuse by themselves; their own texts name internals. */
const framework: Readonly<Record<number, { code: string; detail: string }>> = {
  400: { code: 'bad_request', detail: 'The request cannot be understood.' },
  404: { code: 'route_not_found', detail: 'There is no such route.' },
  405: { code: 'method_not_allowed', detail: 'This route does not take this method.' },
  408: { code: 'request_timeout', detail: 'The request did not arrive in time.' },
  413: { code: 'content_too_large', detail: 'The body is larger than this service accepts.' },
  414: { code: 'uri_too_long', detail: 'The address is longer than this service accepts.' },
  415: { code: 'unsupported_media_type', detail: 'Send the body as application/json.' },
  431: { code: 'headers_too_large', detail: 'The headers are larger than this service accepts.' },
  503: { code: 'stopping', detail: 'This instance is stopping; send the request again.' },
};

/** In the words of pg's pool, which has no code for it; Prisma hands them on. */
const isPoolExhausted = (error: unknown) =>
  error instanceof Error && error.message.includes('timeout exceeded when trying to connect');

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')
    return error.statusCode;
  return 500;
}
