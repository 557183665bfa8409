import { resolve } from 'node:path';
import { widgetsServiceDefinition } from '@bw/contracts/widgets';
import type { Environment } from '@bw/service-kit/config';
import type { Service } from '@bw/service-kit/service';
import { AppModule } from './app.module.js';
import { SampleConfig } from './config.js';

export function sampleService(environment: Environment): Service {
  return {
    name: 'sample',
    schema: 'sample_schema',
    folder: resolve(import.meta.dirname, '..'),
    config: new SampleConfig(environment),
    module: AppModule,
    grpc: [widgetsServiceDefinition],
  };
}
