import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { findService, type Service } from '@bw/migrations/services';
import { layoutOf } from '../dev/layout.js';
import { valuesOf } from '../dev/settings.js';
import { Changes } from './changes.js';
import { linkOf } from './create.js';
import { edited } from './entries.js';
import { namesOf } from './names.js';
import { forget, rowsOf } from './running.js';
import { ownPaths } from './template.js';
import { central, compile, contracts, install, regenerate } from './tools.js';

interface Options {
  signal: AbortSignal;
  say: (line: string) => void;
  /** Throws away rows that the service has in the development database. */
  dropData: boolean;
}

/** Why a service may not be removed, as an error; otherwise the service. */
export async function findRemovable(root: string, name: string, dropData: boolean): Promise<Service> {
  const service = findService(name, root);
  if (isCommitted(root, name))
    throw new UserError('COMMITTED', `${name} has been committed: others may build on it.`, {
      hint: `Take the commit back (git revert), or remove ${name} step by step with migrations of its own.`,
    });
  const rows = await rowsOf(layoutOf(root), service);
  if (rows.length > 0 && !dropData)
    throw new UserError('HAS_DATA', `The development database has rows of ${name}: ${rows.join(', ')}.`, {
      hint: 'Throw them away with --drop-data.',
    });
  return service;
}

/** Takes a service out of the repository and of every file that speaks of all services, as `createService` put it in. */
export async function removeService(root: string, name: string, options: Options): Promise<void> {
  const service = await findRemovable(root, name, options.dropData);
  const names = namesOf(name, { ...portsOf(service), time: '' });
  const changes = await Changes.begin(root);
  try {
    const drafts = edited(root, names, 'remove');
    for (const path of [...ownPaths(names), linkOf(name)]) await changes.remove(path);
    for (const draft of drafts) await changes.write(draft);
    const steps = [contracts, install, compile, ...central];
    await regenerate(root, changes, { steps, ...options });
    await changes.keep();
  } catch (error) {
    await changes.undo();
    throw error;
  }
  const kept = await forget(layoutOf(root), service);
  if (kept.length > 0)
    options.say(`  Another database on the same server uses ${kept.join(' and ')}: these roles stay.`);
}

function portsOf(service: Service): { httpPort: number; grpcPort: number } {
  const { HTTP_PORT, GRPC_PORT } = valuesOf(join(service.folder, '.env.example'));
  return { httpPort: Number(HTTP_PORT), grpcPort: Number(GRPC_PORT) };
}

function isCommitted(root: string, name: string): boolean {
  if (!existsSync(join(root, '.git'))) return false;
  const args = ['ls-tree', '--name-only', 'HEAD', `${name}/`];
  try {
    return execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    // No commit yet.
    return false;
  }
}
