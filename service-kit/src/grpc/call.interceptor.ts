import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Observable, tap, timeout } from 'rxjs';
import { runInContext } from '../context/index.js';
import { checkText } from '../http/index.js';
import { Tracing } from '../tracing/index.js';
import { contextOf } from './metadata.js';

const longest = 10_000;

/** Serves a call in its caller's context, and no longer than the caller waits. Its texts are those that HTTP takes. */
@Injectable()
export class CallInterceptor implements NestInterceptor {
  constructor(private readonly tracing: Tracing) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [message, metadata, call] =
      execution.getArgs<[unknown, Metadata, ServerUnaryCall<unknown, unknown>]>();
    checkText(message);
    const remaining = Number(call.getDeadline()) - Date.now();
    const context = contextOf(metadata);
    const span = this.tracing.serve(call.getPath().slice(1), context.traceparent, { 'rpc.system': 'grpc' });
    return new Observable((subscriber) =>
      runInContext(span ? { ...context, traceparent: span.traceparent, span } : context, () =>
        next
          .handle()
          .pipe(
            timeout(Math.max(0, Math.min(remaining, longest))),
            tap({ complete: () => span?.end(), error: () => span?.end({ failed: true }) }),
          )
          .subscribe(subscriber),
      ),
    );
  }
}
