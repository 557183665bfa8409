import { Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import type { Log } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { callerKey, userTokenKey } from './call.js';
import { isHealthCheck } from './health.js';
import { textOf } from './metadata.js';

export interface Records {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'observeCall'>;
}

/** One log line and the duration of every call but health checks; of those that are refused too. */
export function recordCalls({ log, metrics }: Records): ServerInterceptor {
  const callLog = log.child({}, { redact: [] });
  return ({ path }, call) => {
    if (isHealthCheck(path)) return new ServerInterceptingCall(call);
    const method = path.slice(1);
    const start = performance.now();
    let received = new Metadata();
    let ended = false;
    const end = (code: status) => {
      if (ended) return;
      ended = true;
      const milliseconds = performance.now() - start;
      metrics.observeCall(method, status[code], milliseconds / 1_000);
      callLog[levelOf(code, received)](
        {
          ...describe(received),
          method,
          status: status[code],
          milliseconds: Math.round(milliseconds * 10) / 10,
          ip: call.getConnectionInfo().remoteAddress,
        },
        'call',
      );
    };
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, accept) {
            received = metadata;
            accept(metadata);
          },
          // Follows each call's end. With no status before it, the caller has gone or a message was too large.
          onCancel() {
            end(Number(call.getDeadline()) <= Date.now() ? status.DEADLINE_EXCEEDED : status.CANCELLED);
          },
        });
      },
      sendStatus(outcome, next) {
        end(outcome.code);
        next(outcome);
      },
    });
  };
}

/** The rest of the metadata has tokens in it. Nothing here is secret, so these lines go without redaction. */
const describe = (metadata: Metadata) => ({
  requestId: textOf(metadata, 'x-request-id'),
  caller: textOf(metadata, callerKey),
  trace: textOf(metadata, 'traceparent'),
});

/** What a service asks by itself, such as for events every second, is no news while it is answered. */
function levelOf(code: status, metadata: Metadata): 'debug' | 'info' | 'warn' {
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) return 'warn';
  const isForSomebody = ['x-request-id', userTokenKey].some((key) => metadata.get(key).length > 0);
  return code === status.OK && !isForSomebody ? 'debug' : 'info';
}
