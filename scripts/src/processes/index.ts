export { PidFile } from './pid-file.js';
export { freePort, isPortFree, portOwner } from './ports.js';
export { commandOf, isAlive, type ProcessMark, residentMegabytes, runs, terminate } from './process.js';
