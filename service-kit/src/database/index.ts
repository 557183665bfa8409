export { createPool } from './pool.js';
export { inTransaction } from './transaction.js';
