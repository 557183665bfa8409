export { runService } from './run.js';
export type { Service } from './service.js';
export { createApplication, type RunningService, startService } from './start.js';
