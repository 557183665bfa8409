import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';

const service = '/grpc.health.v1.Health/';
export const isHealthCheck = (path: string) => path.startsWith(service);

/** `HealthCheckResponse { status: SERVING }` and `{ status: SERVICE_UNKNOWN }`. */
const serving = Buffer.from([0x08, 1]);
const serviceUnknown = Buffer.from([0x08, 3]);

const asIs = (message: Buffer) => message;
const messages = {
  requestStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};

/**
 * The standard health service (grpc.health.v1.Health). Its answers are two bytes each, and the library that
 * gives them loads a parser for .proto files at every start, which takes as long as the rest of gRPC.
 */
export const healthDefinition: ServiceDefinition = {
  check: { ...messages, path: `${service}Check`, responseStream: false },
  watch: { ...messages, path: `${service}Watch`, responseStream: true },
};

/** The whole server is asked for with an empty name, which some clients write and others leave out. */
const emptyName = Buffer.from([0x0a, 0]);
const isServer = (request: Buffer) => request.length === 0 || request.equals(emptyName);

export const healthImplementation = {
  check({ request }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void {
    if (isServer(request)) answer(null, serving);
    else answer({ code: status.NOT_FOUND, details: 'Ask about the whole server: leave the service empty.' });
  },

  /** Never ends: whoever watches is told of a change by the connection's end. */
  watch(call: ServerWritableStream<Buffer, Buffer>): void {
    call.write(isServer(call.request) ? serving : serviceUnknown);
  },
};
