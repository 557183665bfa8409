import 'reflect-metadata';
import '@bw/migrations/navigator';
import { runService } from '@bw/service-kit/service';
import { sampleService } from './service.js';

await runService(() => sampleService(process.env));
