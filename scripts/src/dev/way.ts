import { UserError } from '@bw/migrations/errors';
import { say } from '../terminal/index.js';
import { hasComposeFile, runningContainers, whyNoContainers } from './compose.js';
import { findPostgres } from './embedded-postgres.js';
import type { Layout } from './layout.js';

/** How the development environment runs. */
export type Way = 'docker' | 'embedded';

/** What is asked for, else what runs already, else containers where there is an engine for them. */
export async function chooseWay(layout: Layout, asked: Way | undefined): Promise<Way> {
  if (!hasComposeFile(layout)) return 'embedded';
  if ((await runningContainers('production')).length > 0)
    throw new UserError('PRODUCTION_RUNS', 'Production is running on this machine, in containers.', {
      hint: 'Stop it first: ./prod.sh stop',
    });
  const running = await runningWay(layout);
  if (running && asked && running !== asked)
    throw new UserError('OTHER_WAY_RUNS', `The environment is already running, ${describe(running)}.`, {
      hint: 'Stop it first: ./dev-stop.sh',
    });
  if (running) return running;
  const obstacle = asked === 'embedded' ? undefined : await whyNoContainers();
  if (asked === 'docker' && obstacle)
    throw new UserError('NO_CONTAINERS', `Containers cannot be used here: ${obstacle}.`, {
      hint: 'Install or start Docker, or use ./dev.sh --embedded, which needs none.',
    });
  if (asked) return asked;
  if (obstacle) say(`Using the embedded PostgreSQL: ${obstacle}.`);
  return obstacle ? 'embedded' : 'docker';
}

/** What runs already, if anything does. */
export async function runningWay(layout: Layout): Promise<Way | undefined> {
  if ((await runningContainers('development')).length > 0) return 'docker';
  return (await findPostgres(layout)) ? 'embedded' : undefined;
}

const describe = (way: Way): string => (way === 'docker' ? 'in containers' : 'with the embedded PostgreSQL');
