export { Answers, AnswersPage, ReadsHeader } from './decorators.js';
export { DocsController, SERVICE_FOLDER } from './docs.controller.js';
export { openApiDocument } from './document.js';
export { listRoutes, type Route } from './routes.js';
