import { status } from '@grpc/grpc-js';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, TimeoutError, throwError } from 'rxjs';
import { toServiceError } from '../errors/index.js';
import { Log } from '../logging/index.js';

/** The one place where an error becomes a gRPC status. */
@Catch()
export class GrpcErrorFilter implements RpcExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown): Observable<never> {
    return throwError(() => this.statusOf(thrown));
  }

  private statusOf(thrown: unknown): { code: status; details: string } {
    if (thrown instanceof TimeoutError) {
      return { code: status.DEADLINE_EXCEEDED, details: 'The answer took too long.' };
    }
    const error = toServiceError(thrown);
    if (error.status >= 500) this.log.error({ err: error.cause ?? error }, error.code);
    return {
      code: byHttpStatus[error.status] ?? status.INTERNAL,
      details: `${error.code}: ${error.message}`,
    };
  }
}

const byHttpStatus: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.ABORTED,
  412: status.ABORTED,
  422: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
};
