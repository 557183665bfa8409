export { paint } from './paint.js';
export { patiently } from './patiently.js';
export { terminalWidth, wrap } from './wrap.js';
