import type { ServiceDefinition } from '@grpc/grpc-js';
import type { INestApplicationContext, Type } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { ServiceConfig } from '../config/index.js';
import type { Log } from '../logging/index.js';

/** What makes one service different from another, for the kit. */
export interface Service {
  readonly name: string;
  /** Its PostgreSQL schema. */
  readonly schema: string;
  /** Its workspace folder, which holds `prisma/migrations` and `openapi.json`. */
  readonly folder: string;
  /** An instance of its configuration class; injectable by that class and by ServiceConfig. */
  readonly config: ServiceConfig;
  /** Its features. */
  readonly module: Type;
  /** The generated definitions of what it answers over gRPC. */
  readonly grpc: readonly ServiceDefinition[];
  /** Adds hooks of its own to Fastify, behind the kit's and before there are routes. */
  readonly addHooks?: (server: FastifyInstance, app: INestApplicationContext) => void;
  /** Bytes of a request's body at most; 256 KiB by default. The gateway lets 1 MiB through. */
  readonly bodyLimit?: number;
  /** Where it logs; stdout by default. */
  readonly log?: Log;
}
