import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { root } from './workspaces.mjs';

/**
 * Lets one build at a time work on the sources: one that generates a client takes away what another is reading. The lock
 * stands beside the sources, since a container that shares them is another machine to every other kind of lock.
 */
export async function alone(work) {
  const release = await lock(root, {
    lockfilePath: join(root, 'scripts/.build.lock'),
    retries: { forever: true, minTimeout: 20, maxTimeout: 200 },
    // A machine that was asleep: whoever took the lock since builds the same.
    onCompromised: () => undefined,
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}
