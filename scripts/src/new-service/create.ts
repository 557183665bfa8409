import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { valuesOf } from '../dev/settings.js';
import { Changes } from './changes.js';
import { checkFree, checkWord } from './check-name.js';
import { edited } from './entries.js';
import { type Names, namesOf } from './names.js';
import { filesOf, ownPaths } from './template.js';
import { central, compile, contracts, format, install, openApi, regenerate } from './tools.js';

interface Options {
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Writes a new service into the repository and into every file that speaks of all services: all of it or nothing. */
export async function createService(root: string, name: string, { signal, say }: Options): Promise<Names> {
  checkWord(name);
  const changes = await Changes.begin(root);
  try {
    const names = namesOf(name, { ...nextPorts(root), time: timeOf(new Date()) });
    checkFree(root, names);
    say(`Writing ${name} …`);
    const drafts = [...filesOf(root, names), ...edited(root, names, 'add')];
    for (const path of [...ownPaths(names), linkOf(name)]) await changes.touch(path);
    for (const draft of drafts) await changes.write(draft);
    const code = ownPaths(names).filter((path) => !path.endsWith('.yaml'));
    const steps = [contracts, install, compile, openApi(names), format(code), ...central];
    await regenerate(root, changes, { steps, signal, say });
    await changes.keep();
    return names;
  } catch (error) {
    await changes.undo();
    throw error;
  }
}

/** Packages find the workspace by this. */
export const linkOf = (name: string): string => join('node_modules/@bw', name);

function nextPorts(root: string): Pick<Names, 'httpPort' | 'grpcPort'> {
  const examples = findServices(root).map(({ folder }) => valuesOf(join(folder, '.env.example')));
  const next = (kind: 'HTTP_PORT' | 'GRPC_PORT', first: number) =>
    Math.max(first - 1, ...examples.map((values) => Number(values[kind]) || 0)) + 1;
  return { httpPort: next('HTTP_PORT', 9001), grpcPort: next('GRPC_PORT', 50051) };
}

const timeOf = (date: Date): string => date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
