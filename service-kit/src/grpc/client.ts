import {
  type ChannelCredentials,
  type Client,
  type ClientOptions,
  credentials,
  type ServiceError as GrpcError,
  InterceptingCall,
  type Interceptor,
  status,
} from '@grpc/grpc-js';
import { currentContext } from '../context/index.js';
import type { ServiceIdentity } from '../security/index.js';
import { addContext } from './metadata.js';

type ClientClass<T extends Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => T;

interface ConnectOptions {
  readonly address: string;
  /** The name of the service that answers; the identity's tokens are made for it. */
  readonly callee: string;
  readonly identity: ServiceIdentity;
  /** Milliseconds a call may take, retries included. */
  readonly deadline: number;
  /** Only where every method may run twice. */
  readonly retry?: boolean;
}

/** A client of another service whose calls carry this service's identity, a deadline and the request's context. */
export function connectService<T extends Client>(Service: ClientClass<T>, options: ConnectOptions): T {
  return new Service(options.address, channelCredentials(options.identity), {
    interceptors: [withDeadline(options.deadline), withIdentity(options), withSpan],
    'grpc.service_config': JSON.stringify({
      methodConfig: [{ name: [{}], ...(options.retry && { retryPolicy }) }],
    }),
    'grpc.max_receive_message_length': 4 * 1024 * 1024,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 5_000,
  });
}

function channelCredentials({ tls }: ServiceIdentity): ChannelCredentials {
  return tls ? credentials.createSsl(tls.authority, tls.key, tls.certificate) : credentials.createInsecure();
}

/** One call as a promise: `callUnary((done) => client.getUserSummaries(request, done))`. */
export function callUnary<Response>(
  start: (done: (error: GrpcError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(error) : resolve(response)));
  });
}

const retryPolicy = {
  maxAttempts: 3,
  initialBackoff: '0.05s',
  maxBackoff: '0.5s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
};

function withDeadline(milliseconds: number): Interceptor {
  return (options, next) =>
    new InterceptingCall(next({ ...options, deadline: options.deadline ?? Date.now() + milliseconds }));
}

function withIdentity({ identity, callee }: ConnectOptions): Interceptor {
  return (options, next) =>
    new InterceptingCall(next(options), {
      start(metadata, listener, start) {
        addContext(metadata);
        identity.tokenFor(callee).then(
          (token) => {
            metadata.set('authorization', `Bearer ${token}`);
            start(metadata, listener);
          },
          () => start(metadata, listener),
        );
      },
    });
}

const withSpan: Interceptor = (options, next) => {
  const name = options.method_definition.path.slice(1);
  const span = currentContext()?.span?.child(name, 'client', { 'rpc.system': 'grpc' });
  if (!span) return new InterceptingCall(next(options));
  return new InterceptingCall(next(options), {
    start(metadata, _listener, start) {
      metadata.set('traceparent', span.traceparent);
      start(metadata, {
        onReceiveStatus(outcome, forward) {
          span.end({
            attributes: { 'rpc.grpc.status_code': outcome.code },
            failed: outcome.code !== status.OK,
          });
          forward(outcome);
        },
      });
    },
  });
};
