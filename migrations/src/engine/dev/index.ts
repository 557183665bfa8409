import type { EngineContext } from '../context.js';
import { type Methods, methods } from '../methods/index.js';
import { schemasOf } from '../settings.js';

/**
 * What `prisma migrate dev` is answered in the folder of a service: the migration that `yarn db create` would write.
 * The parsers that it takes are loaded only then.
 */
export const devMethods: Partial<Methods> = {
  createMigration: async (context, input) =>
    (await import('./create-migration.js')).createMigration(context, input),
  evaluateDataLoss: async (context, input) =>
    (await import('./evaluate-data-loss.js')).evaluateDataLoss(context, input),
  devDiagnostic: async (context, input) => {
    await (await import('./lock.js')).lock(context);
    return ((await neighbours(context)) ?? methods).devDiagnostic(context, input);
  },
  diff: async (context, input) =>
    [input.from, input.to].some(({ tag }) => tag === 'migrations')
      ? (await import('./neighbours.js')).diff(context, input)
      : methods.diff(context, input),
};

/** Of use only where a schema names others than its own. */
async function neighbours({ settings }: EngineContext) {
  const schemas = await schemasOf(settings.schemaFiles);
  return schemas.length > 1 ? import('./neighbours.js') : undefined;
}
