export { Periodic } from './periodic.js';
export { purge, type RemoveSome } from './purge.js';
