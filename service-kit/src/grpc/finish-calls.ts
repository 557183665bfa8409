import type { INestApplication } from '@nestjs/common';
import { NestMicroservice } from '@nestjs/microservices';

/** Takes no more calls, and resolves when those under way are answered; the modules' hooks are left to the application. */
export async function finishCalls(app: INestApplication): Promise<void> {
  const servers = app.getMicroservices().filter((server) => server instanceof NestMicroservice);
  for (const server of servers) server.setIsTerminated(true);
  await Promise.all(servers.map((server) => server.close()));
}
