import { createServer, type Server } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'pg';
import { ConfigurationError } from '../config/index.js';
import { ProblemFilter } from '../errors/index.js';
import { finishCalls, grpcOptions } from '../grpc/index.js';
import { Readiness } from '../health/index.js';
import { addHooks, createAdapter, validationPipe } from '../http/index.js';
import { createLog, Log, NestLogger } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { listRoutes } from '../openapi/index.js';
import { verifyService } from '../security/index.js';
import { Tracing } from '../tracing/index.js';
import type { Service } from './service.js';
import { serviceModule } from './service.module.js';

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly grpcPort: number;
  /** Stops being ready, finishes what is in flight, closes the pool. */
  stop(): Promise<void>;
}

/** Starts a service on its ports; port 0 takes a free one. */
export async function startService(service: Service): Promise<RunningService> {
  const { config } = service;
  const app = await createApplication(service);
  const grpcPort = await connectGrpc(app, service);
  await app.init();
  await app.startAllMicroservices();
  await app.listen(config.HTTP_PORT, config.HOST);
  const url = (await app.getUrl()).replace('0.0.0.0', '127.0.0.1').replace('[::1]', '127.0.0.1');
  const stop = once(async () => {
    app.get(Readiness).stop();
    await sleep(config.SHUTDOWN_DELAY * 1_000);
    await readWhatArrived(app.getHttpServer());
    await stopInOrder(app, config.SHUTDOWN_TIMEOUT * 1_000);
  });
  return { app, url, grpcPort, stop };
}

async function connectGrpc(app: NestFastifyApplication, service: Service): Promise<number> {
  const { name, config, grpc } = service;
  const port = config.GRPC_PORT || (await freePort());
  const options = grpcOptions({
    url: `${config.HOST}:${port}`,
    services: grpc,
    tls: config.GRPC_TLS_FOLDER,
    log: app.get(Log),
    metrics: app.get(Metrics),
    verifyCaller: (token) => verifyService(token, { callee: name, trusted: config.TRUSTED_SERVICES }),
  });
  app.connectMicroservice(options);
  return port;
}

/** The application before it listens: also what an OpenAPI document is made from. */
export async function createApplication(service: Service): Promise<NestFastifyApplication> {
  const { name, config } = service;
  const log =
    service.log ?? createLog({ service: name, level: config.LOG_LEVEL, environment: config.NODE_ENV });
  const app = await NestFactory.create<NestFastifyApplication>(
    serviceModule(service, log),
    createAdapter(config, log, service.bodyLimit),
    {
      bufferLogs: true,
      abortOnError: false,
    },
  );
  app.useLogger(new NestLogger(log));
  app.useGlobalPipes(validationPipe);
  app.useGlobalFilters(app.get(ProblemFilter));
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  addHooks(server, {
    log,
    metrics: app.get(Metrics),
    readiness: app.get(Readiness),
    tracing: app.get(Tracing),
  });
  service.addHooks?.(server, app);
  if (config.CORS_ORIGINS.length > 0) app.enableCors({ origin: config.CORS_ORIGINS, ...cors });
  refuseUnruledRoutes(app);
  return app;
}

/** Browsers ask for each method that is more than reading, and show a script no other header than these. */
const cors = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: ['etag', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
};

function refuseUnruledRoutes(app: NestFastifyApplication): void {
  const unruled = listRoutes(app).filter(({ rule }) => rule === undefined);
  if (unruled.length === 0) return;
  throw new ConfigurationError(
    unruled.map(({ handler }) => `${handler}: says not who may call it (Public, SignedIn or Roles)`),
  );
}

/** As many connections as Node lets the system keep until they are accepted. */
const backlog = 511;

/**
 * Accepts and reads what arrived before: closing resets whoever waits to be accepted, and connections of which nothing was
 * read yet. A turn of the event loop accepts one connection, and the next one reads from it.
 */
async function readWhatArrived(server: Server): Promise<void> {
  let accepted = 0;
  const count = () => {
    accepted += 1;
  };
  server.on('connection', count);
  for (let before = -1; accepted > before && accepted <= backlog; ) {
    before = accepted;
    await turn();
    await turn();
  }
  server.off('connection', count);
}

/** HTTP and gRPC first, then what Nest's modules hold (workers stop in `onModuleDestroy`), then the pool. */
async function stopInOrder(app: NestFastifyApplication, deadline: number): Promise<void> {
  const pool = app.get(Pool);
  const forced = setTimeout(() => app.getHttpServer().closeAllConnections(), deadline);
  await Promise.race([closeInOrder(app), sleep(deadline + 1_000, undefined, { ref: false })]);
  clearTimeout(forced);
  await pool.end();
}

/** Nest would run the modules' hooks first and end what requests in flight still use. */
async function closeInOrder(app: NestFastifyApplication): Promise<void> {
  await Promise.all([app.getHttpAdapter().close(), finishCalls(app)]);
  await app.close();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
