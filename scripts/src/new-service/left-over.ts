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

/** The commits that touch a folder which the last one holds, newest first; none where it holds no such folder. */
export function commitsOf(root: string, name: string): string[] {
  if (!existsSync(join(root, '.git')) || !git(root, ['ls-tree', '--name-only', 'HEAD', `${name}/`]))
    return [];
  return (
    git(root, ['log', '--format=%h', '--', `${name}/`])
      ?.split('\n')
      .filter(Boolean) ?? []
  );
}

/** What Git says; undefined where it fails, as it does outside of its folders. */
function git(root: string, args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
