export { createLog, Log } from './log.js';
export { NestLogger } from './nest-logger.js';
export { serializeError } from './serialize-error.js';
