import { ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import type { TlsFiles } from '../config/index.js';
import { authenticate, type VerifyCaller } from './authenticate.js';
import { healthDefinition, healthImplementation } from './health.js';
import { type Records, recordCalls } from './record-calls.js';

const megabyte = 1024 * 1024;

interface Options extends Records {
  readonly url: string;
  /** The generated definitions of what is answered; controllers answer them with `@GrpcMethod`. */
  readonly services: readonly ServiceDefinition[];
  readonly verifyCaller: VerifyCaller;
  readonly tls?: TlsFiles | undefined;
}

/** A gRPC server that answers only services that prove who they are; the standard health service is open. */
export function grpcOptions({ url, services, verifyCaller, tls, ...records }: Options): GrpcOptions {
  const definitions = Object.fromEntries(services.map((service) => [nameOf(service), service]));
  const packages = Object.keys(definitions).map((name) => name.slice(0, name.lastIndexOf('.')));
  return {
    transport: Transport.GRPC,
    options: {
      url,
      ...(tls && { credentials: mutual(tls) }),
      package: [...new Set(packages)],
      packageDefinition: definitions,
      // The definitions are there already; Nest would load a parser for .proto files all the same.
      protoLoader: 'node:util',
      maxReceiveMessageLength: megabyte,
      maxSendMessageLength: 4 * megabyte,
      maxMetadataSize: 16 * 1024,
      gracefulShutdown: true,
      channelOptions: {
        ...{ interceptors: [recordCalls(records), authenticate(verifyCaller)] },
        'grpc.max_concurrent_streams': 1_000,
      },
      onLoadPackageDefinition: (_definition, server) =>
        server.addService(healthDefinition, healthImplementation),
    },
  };
}

/** Callers without a certificate of the authority do not get as far as sending a message. */
const mutual = ({ authority, certificate, key }: TlsFiles) =>
  ServerCredentials.createSsl(authority, [{ cert_chain: certificate, private_key: key }], true);

/** `bw.auth.v1.UsersService`, which each of its methods has in its path. */
function nameOf(service: ServiceDefinition): string {
  const [method] = Object.values(service);
  return method?.path.split('/')[1] ?? '';
}
