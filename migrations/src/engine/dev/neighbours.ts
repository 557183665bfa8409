import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { assertNeighboursKnown } from '../../create/neighbours.js';
import { openWorkspace, type Workspace } from '../../create/workspace.js';
import { findServices } from '../../services/index.js';
import { type Input, type Method, methods } from '../methods/index.js';
import { serviceOf } from './service.js';

// What Prisma does not know: what must be there before a history that refers to other services is replayed.

export const devDiagnostic: Method<'devDiagnostic'> = async (context, input) => {
  const [[, source] = []] = context.settings.schemaFiles;
  const service = serviceOf(context);
  if (!service || source === undefined) return methods.devDiagnostic(context, input);
  const workspace = await openWorkspace(service, source);
  await assertNeighboursKnown(workspace);
  return methods.devDiagnostic(context, {
    migrationsList: { ...input.migrationsList, shadowDbInitScript: workspace.prelude },
    filters: addFilters(input, workspace),
  });
};

type Target = Input<'diff'>['from'];

export const diff: Method<'diff'> = async (context, input) => {
  const workspace = await openHistory([input.from, input.to]);
  if (!workspace?.prelude) return methods.diff(context, input);
  const prepare = (target: Target): Target =>
    target.tag === 'migrations' ? { ...target, shadowDbInitScript: workspace.prelude } : target;
  return methods.diff(context, {
    ...input,
    from: prepare(input.from),
    to: prepare(input.to),
    filters: addFilters(input, workspace),
  });
};

/** The service whose migrations are compared with something. */
async function openHistory(targets: Target[]): Promise<Workspace | undefined> {
  for (const target of targets) {
    if (target.tag !== 'migrations') continue;
    const folder = resolve(target.baseDir);
    const services = findServices(dirname(resolve(folder, '../..')));
    const service = services.find(({ migrationsFolder }) => migrationsFolder === folder);
    if (service) return openWorkspace(service, await readFile(service.schemaFile, 'utf8'));
  }
  return undefined;
}

const addFilters = ({ filters }: Pick<Input<'diff'>, 'filters'>, workspace: Workspace) => ({
  externalTables: [...filters.externalTables, ...workspace.filters.externalTables],
  externalEnums: [...filters.externalEnums, ...workspace.filters.externalEnums],
});
