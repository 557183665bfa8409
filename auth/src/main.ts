import 'reflect-metadata';
import '@bw/migrations/navigator';
import { runService } from '@bw/service-kit/service';
import { authService } from './service.js';

await runService(() => authService(process.env));
