import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether Git ignores whatever a folder of that name would hold. */
export function isIgnored(root: string, name: string): boolean {
  return git(root, ['check-ignore', `${name}/package.json`]) !== undefined;
}

/** Whether a folder that could be a service holds nothing but what Git ignores: so a checkout without the service leaves it. */
export function isLeftOver(root: string, name: string): boolean {
  if (!existsSync(join(root, name)) || isIgnored(root, name)) return false;
  return git(root, ['ls-files', '--cached', '--others', '--exclude-standard', '--', `${name}/`]) === '';
}

/** What Git says; undefined where it fails, as it does outside of its folders. */
function git(root: string, args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
