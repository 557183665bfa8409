import { once } from 'node:events';

export default async function globalTeardown(): Promise<void> {
  const guard = globalThis.testPostgresGuard;
  guard?.stdin?.end();
  if (guard?.exitCode === null) await once(guard, 'exit');
}
