import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { describeService, findService, type Service } from '@bw/migrations/services';
import { layoutOf } from '../dev/layout.js';
import { valuesOf } from '../dev/settings.js';
import { Changes } from './changes.js';
import { isOneWord } from './check-name.js';
import { linkOf } from './create.js';
import { edited } from './entries.js';
import { commitsOf, isLeftOver } from './left-over.js';
import { assertNotMentioned } from './mentions.js';
import { namesOf } from './names.js';
import { forget, hasSchema, rowsOf } from './running.js';
import { ownPaths } from './template.js';
import { central, compile, contracts, install, regenerate } from './tools.js';

interface Options {
  signal: AbortSignal;
  say: (line: string) => void;
  /** Throws away rows that the service has in the development database. */
  dropData: boolean;
}

/** Why a service may not be removed, as an error; otherwise the service, or what a checkout without it has left here. */
export async function findRemovable(root: string, name: string, dropData: boolean): Promise<Service> {
  const service = (await findLeftOver(root, name)) ?? findService(name, root);
  const commits = commitsOf(root, name);
  if (commits.length > 0) throw committed(name, commits);
  await assertNotMentioned(root, service);
  const rows = await rowsOf(layoutOf(root), service);
  if (rows.length > 0 && !dropData)
    throw new UserError('HAS_DATA', `The development database has rows in ${rows.join(', ')}.`, {
      hint: `Throw them away: yarn remove:service ${name} --drop-data, and --yes where nobody can be asked.`,
    });
  return service;
}

// What has been changed more often than this is not taken back commit by commit.
const mostReverted = 10;

function committed(name: string, commits: string[]): UserError {
  const touching = `the ${commits.length > 1 ? `${commits.length} commits that touch` : 'commit that made'} ${name}/`;
  const command =
    commits.length > mostReverted
      ? `git log --format=%h -- ${name}/ lists them`
      : `git revert ${commits.join(' ')}`;
  return new UserError('COMMITTED', `${name} has been committed: others may build on it.`, {
    hint: [
      `Take back ${touching}: ${command}`,
      `yarn remove:service ${name} then clears away what Git does not keep.`,
      `Or remove ${name} step by step with migrations of its own.`,
    ].join('\n'),
  });
}

/** Git takes neither what it ignores nor what the development database has of a service. */
async function findLeftOver(root: string, name: string): Promise<Service | undefined> {
  if (!isOneWord(name)) return undefined;
  const service = describeService(root, name);
  if (existsSync(service.folder)) return isLeftOver(root, name) ? service : undefined;
  return (await hasSchema(layoutOf(root), service)) ? service : undefined;
}

/** Takes a service out of the repository and of every file that speaks of all services, as `createService` put it in. */
export async function removeService(root: string, name: string, options: Options): Promise<void> {
  const service = await findRemovable(root, name, options.dropData);
  if (existsSync(service.schemaFile)) await removeFiles(root, service, options);
  else for (const path of [name, linkOf(name)]) await rm(join(root, path), { recursive: true, force: true });
  const kept = await forget(layoutOf(root), service);
  if (kept.length > 0)
    options.say(`  Another database on the same server uses ${kept.join(' and ')}: these roles stay.`);
}

async function removeFiles(root: string, service: Service, options: Options): Promise<void> {
  const { name } = service;
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
}

function portsOf(service: Service): { httpPort: number; grpcPort: number } {
  const { HTTP_PORT, GRPC_PORT } = valuesOf(join(service.folder, '.env.example'));
  return { httpPort: Number(HTTP_PORT), grpcPort: Number(GRPC_PORT) };
}
