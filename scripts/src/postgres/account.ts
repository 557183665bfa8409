import { execFileSync, spawnSync } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';

/** Whom PostgreSQL runs as: it refuses root, so root lends it an account without rights. Undefined: the user at hand. */
export type Account = { uid: number; gid: number } | undefined;

export function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Whether the account gets into a folder: a parent closed to others is enough to keep it out. */
export function mayEnter(folder: string, account: Account): boolean {
  if (!account) return true;
  return spawnSync('test', ['-x', folder], { ...account, cwd: '/' }).status === 0;
}

export async function makeFolder(folder: string, account: Account): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (account) await chown(folder, account.uid, account.gid);
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
}
