export { createService } from './create.js';
export { findRemovable, removeService } from './remove.js';
