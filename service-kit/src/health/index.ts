export { databaseCheck } from './database.check.js';
export { HealthController } from './health.controller.js';
export { Readiness } from './readiness.js';
