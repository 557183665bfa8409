import { createServer } from 'node:http';
import { greeting } from './greeting.js';

// The least that a service is to ./dev.sh: it answers /health/ready on HTTP_PORT and ends on SIGTERM.
const server = createServer((_request, response) => response.end(`${greeting} from ${process.pid}`));
server.listen(Number(process.env.HTTP_PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
