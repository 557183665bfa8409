import { delimiter, join } from 'node:path';
import { findRoot, findServices } from '@bw/migrations/services';
import { freePort } from '@bw/scripts/processes';

const tools = join(findRoot(import.meta.dirname), '.tools/node_modules/.bin');

/** Where commands are looked for, so that Yarn is found also where only the repository has it. */
export const pathWithYarn = [process.env.PATH, tools].join(delimiter);

/** An environment in which a copy of the repository is in nobody's way: ports of its own, no container engine. */
export async function isolated(...added: string[]): Promise<Record<string, string>> {
  const services = [...findServices().map(({ name }) => name), ...added];
  const variables = ['POSTGRES', ...services.flatMap((name) => [`${name}_HTTP`, `${name}_GRPC`])];
  const ports = await Promise.all(
    variables.map(async (name) => [`${name.toUpperCase()}_PORT`, String(await freePort())] as const),
  );
  return {
    ...Object.fromEntries(ports),
    PATH: pathWithYarn,
    DOCKER_HOST: 'unix:///nowhere.sock',
    NO_COLOR: '1',
    // Somebody sits at the terminal, also where the tests run by themselves.
    CI: '',
    // Jest's own flags are not for the processes under test.
    NODE_OPTIONS: '',
    GIT_AUTHOR_NAME: 'Anna',
    GIT_AUTHOR_EMAIL: 'anna@example.org',
    GIT_COMMITTER_NAME: 'Anna',
    GIT_COMMITTER_EMAIL: 'anna@example.org',
  };
}
