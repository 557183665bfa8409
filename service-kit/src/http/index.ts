export { createAdapter } from './adapter.js';
export { addHooks } from './hooks.js';
export { Id, IsId } from './id.js';
export { checkText } from './text.js';
export { checkInput, validationPipe } from './validation.pipe.js';
