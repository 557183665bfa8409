import { join } from 'node:path';

/** Where a development environment keeps what it makes; nothing of it is in git. */
export interface Layout {
  root: string;
  /** Written by every installation of packages. */
  installed: string;
  data: string;
  cache: string;
  /** What `yarn new:service` has begun, for the next command to undo should this one not come to its end. */
  changes: string;
  env: string;
  logs: string;
  run: string;
  postgres: string;
  postgresLog: string;
}

/** The layout of the repository this code is part of. */
export const layout = layoutOf(join(import.meta.dirname, '../../..'));

export function layoutOf(root: string): Layout {
  const data = join(root, '.data');
  const logs = join(data, 'logs');
  return {
    root,
    installed: join(root, 'node_modules/.yarn-state.yml'),
    data,
    cache: join(data, 'cache'),
    changes: join(data, 'changes'),
    env: join(data, 'env'),
    logs,
    run: join(data, 'run'),
    postgres: join(data, 'postgres'),
    postgresLog: join(logs, 'postgres.log'),
  };
}

export const logOf = (layout: Layout, name: string): string => join(layout.logs, `${name}.log`);
export const envFileOf = (layout: Layout, name: string): string => join(layout.env, `${name}.env`);
