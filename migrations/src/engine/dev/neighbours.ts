import { assertNeighboursKnown } from '../../create/neighbours.js';
import { openWorkspace } from '../../create/workspace.js';
import { type Method, methods } from '../methods/index.js';
import { serviceOf } from './answer.js';

/** Adds what Prisma does not know: what must be there before a history that refers to other services is replayed. */
export const devDiagnostic: Method<'devDiagnostic'> = async (context, { migrationsList, filters }) => {
  const [[, source] = []] = context.settings.schemaFiles;
  const service = serviceOf(context);
  if (!service || source === undefined) return methods.devDiagnostic(context, { migrationsList, filters });
  const workspace = await openWorkspace(service, source);
  await assertNeighboursKnown(workspace);
  return methods.devDiagnostic(context, {
    migrationsList: { ...migrationsList, shadowDbInitScript: workspace.prelude },
    filters: {
      externalTables: [...filters.externalTables, ...workspace.filters.externalTables],
      externalEnums: [...filters.externalEnums, ...workspace.filters.externalEnums],
    },
  });
};
