import { findServices } from '../../services/index.js';
import { ensureHistorySchema, isCentral, servicesThatFailed } from '../history.js';
import { asService, historyOf, ownersOf } from './as-service.js';
import type { Method } from './method.js';

/** `migrate resolve --applied`, written into the history of the service that has the migration. */
export const markMigrationApplied: Method<'markMigrationApplied'> = async (context, input) => {
  const owners = (await isCentral(context)) ? ownersOf(input.migrationsList, input.migrationName) : [];
  for (const service of owners) {
    const migrationsList = await historyOf(service);
    await asService(context, service, (own) => markMigrationApplied(own, { ...input, migrationsList }));
  }
  if (owners.length > 0) return {};
  await ensureHistorySchema(context);
  return (await context.engine()).markMigrationApplied(input);
};

/** `migrate resolve --rolled-back`, written where the migration stands as failed. */
export const markMigrationRolledBack: Method<'markMigrationRolledBack'> = async (context, input) => {
  const names = (await isCentral(context)) ? await servicesThatFailed(context, input.migrationName) : [];
  const owners = names.length > 0 ? findServices().filter(({ name }) => names.includes(name)) : [];
  for (const service of owners) {
    await asService(context, service, (own) => markMigrationRolledBack(own, input));
  }
  return owners.length > 0 ? {} : (await context.engine()).markMigrationRolledBack(input);
};
