export * from './database.js';
export { add, none, runJest, type Totals } from './jest-run.js';
