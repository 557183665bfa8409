import 'reflect-metadata';
import { runService } from '@bw/service-kit/service';
import { authService } from './service.js';

await runService(() => authService(process.env));
