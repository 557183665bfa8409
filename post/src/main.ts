import 'reflect-metadata';
import '@bw/migrations/navigator';
import { runService } from '@bw/service-kit/service';
import { postService } from './service.js';

await runService(() => postService(process.env));
