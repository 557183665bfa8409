import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { lock } from 'proper-lockfile';
import { UserError } from '../errors/index.js';
import { findRoot, type Service } from '../services/index.js';

/**
 * Brings the service's Prisma client up to its schema. Waits for a build: the development environment begins one when the
 * schema changes, and it generates the same client. Errors: NOT_GENERATED.
 */
export async function generateClient(service: Service): Promise<void> {
  const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const release = await lockBuilds(findRoot(service.folder));
  try {
    await promisify(execFile)(process.execPath, [prisma, 'generate', '--no-hints'], { cwd: service.folder });
  } catch (error) {
    throw new UserError(
      'NOT_GENERATED',
      `The client of ${service.name} could not be generated: ${(error as Error).message}`,
      {
        hint: `The migration is applied. Run: yarn workspace @bw/${service.name} prisma:generate`,
        cause: error,
      },
    );
  } finally {
    await release().catch(() => undefined);
  }
}

/** The lock of scripts/build/lock.mjs, which the first build needs before this is compiled. */
async function lockBuilds(root: string): Promise<() => Promise<void>> {
  const lockfilePath = join(root, 'scripts/.build.lock');
  await mkdir(dirname(lockfilePath), { recursive: true });
  return lock(root, {
    lockfilePath,
    retries: { forever: true, minTimeout: 20, maxTimeout: 200 },
    onCompromised: () => undefined,
  });
}
