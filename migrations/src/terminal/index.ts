export { paint } from './paint.js';
export { patiently } from './patiently.js';
export { wrap } from './wrap.js';
