import { z } from 'zod';
import { configuration } from './environment.js';
import { servicePrivateKey, trustedServices } from './service-keys.js';
import { tlsFolder } from './tls-folder.js';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

/** What every service reads from its environment; a service extends it with its own settings. */
export const serviceEnvironment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('0.0.0.0'),
  HTTP_PORT: port(0),
  GRPC_PORT: port(0),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgresql:// URL' }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10),
  /** Proves to other services who is calling. */
  SERVICE_PRIVATE_KEY: servicePrivateKey(),
  /** The services that may call. */
  TRUSTED_SERVICES: trustedServices().default(new Map()),
  /** Where calls between services leave the machine: both sides then show certificates. Plain without it. */
  GRPC_TLS_FOLDER: tlsFolder().optional(),
  /** Addresses or networks whose `x-forwarded-for` is believed; names such as `loopback` and `uniquelocal` too. */
  TRUSTED_PROXIES: list,
  /** Origins whose browsers may call; none by default. */
  CORS_ORIGINS: list,
  /** Where traces go by OTLP over HTTP, such as `http://collector:4318`; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** The part of the traces beginning here that is recorded, from 0 to 1; a caller's decision is followed. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  /** Seconds to go on serving after SIGTERM while no longer ready, until whoever balances the load has noticed. */
  SHUTDOWN_DELAY: z.coerce.number().min(0).max(60).default(0),
  /** Seconds that requests in flight get after that. */
  SHUTDOWN_TIMEOUT: z.coerce.number().min(0).max(300).default(10),
});

/** The part of a service's configuration that the kit itself uses. */
export class ServiceConfig extends configuration(serviceEnvironment) {}
