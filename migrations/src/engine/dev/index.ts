import type { Methods } from '../methods/index.js';

/**
 * What `prisma migrate dev` is answered in the folder of a service: the migration that `yarn db create` would write.
 * The parsers that it takes are loaded only then.
 */
export const devMethods: Partial<Methods> = {
  createMigration: async (context, input) =>
    (await import('./create-migration.js')).createMigration(context, input),
  evaluateDataLoss: async (context, input) =>
    (await import('./evaluate-data-loss.js')).evaluateDataLoss(context, input),
};
