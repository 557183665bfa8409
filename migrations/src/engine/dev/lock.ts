import { lockFor } from '../../create/lock.js';
import type { EngineContext } from '../context.js';
import { serviceOf } from './service.js';

/** As long as Prisma waits for a lock of its own, in milliseconds. */
const patience = 10_000;

/** Keeps `yarn db create` and another `prisma migrate dev` of the service from making migrations at the same time. */
export async function lock(context: EngineContext): Promise<void> {
  const service = serviceOf(context);
  if (!service) return;
  const connection = await context.connection();
  await lockFor((text, values) => connection.query(text, values), service, patience);
}
