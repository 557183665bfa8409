export { mayEnter, postgresAccount } from './account.js';
export { admin, findServer, type Server, type ServerOptions, startServer, stopServer } from './server.js';
