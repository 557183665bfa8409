import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Pool } from 'pg';
import { ServiceConfig } from '../config/index.js';
import { createPool } from '../database/index.js';
import { ProblemFilter } from '../errors/index.js';
import { databaseCheck, HealthController, Readiness } from '../health/index.js';
import { Log } from '../logging/index.js';
import { Metrics, MetricsController } from '../metrics/index.js';
import { DocsController, SERVICE_FOLDER } from '../openapi/index.js';
import { ServiceIdentity } from '../security/index.js';
import { createTracing, Tracing } from '../tracing/index.js';
import type { Service } from './service.js';

@Module({})
class ServiceModule {}

/** What every service has, injectable everywhere: configuration, log, pool, metrics, readiness. */
export function serviceModule(service: Service, log: Log): DynamicModule {
  return {
    module: ServiceModule,
    global: true,
    imports: [
      // Checked already, and read by its class; here for whoever expects Nest's ConfigService.
      ConfigModule.forRoot({
        isGlobal: true,
        cache: true,
        ignoreEnvFile: true,
        skipProcessEnv: true,
        load: [() => ({ ...service.config })],
      }),
      service.module,
    ],
    controllers: [HealthController, MetricsController, DocsController],
    providers: [
      { provide: ServiceConfig, useValue: service.config },
      { provide: service.config.constructor, useValue: service.config },
      { provide: SERVICE_FOLDER, useValue: service.folder },
      {
        provide: ServiceIdentity,
        useValue: new ServiceIdentity(
          service.name,
          service.config.SERVICE_PRIVATE_KEY,
          service.config.GRPC_TLS_FOLDER,
        ),
      },
      { provide: Log, useValue: log },
      { provide: Pool, useFactory: () => createPool(service.config, service.name, log) },
      {
        provide: Readiness,
        inject: [Pool],
        useFactory: (pool: Pool) => readiness(pool, service, log),
      },
      { provide: Tracing, useFactory: () => createTracing(service.name, service.config, log) },
      Metrics,
      ProblemFilter,
    ],
    exports: [
      ServiceConfig,
      service.config.constructor,
      SERVICE_FOLDER,
      ServiceIdentity,
      Log,
      Pool,
      Readiness,
      Metrics,
      ProblemFilter,
      Tracing,
    ],
  };
}

function readiness(pool: Pool, service: Service, log: Log): Readiness {
  const result = new Readiness();
  result.addCheck('database', databaseCheck(pool, service, log));
  return result;
}
