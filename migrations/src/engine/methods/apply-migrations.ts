import type { Service } from '../../services/index.js';
import type { EngineContext } from '../context.js';
import { ScriptFailure } from '../database/script-failure.js';
import { EngineError, migrationFailed } from '../errors.js';
import { ensureHistorySchema, isCentral, recordFailure } from '../history.js';
import { asService, historyOf, ownersOf } from './as-service.js';
import type { Input, Method, Output } from './method.js';

/** Applies what is pending, each migration to the history of the service it belongs to. */
export const applyMigrations: Method<'applyMigrations'> = async (context, input) => {
  if (await isCentral(context)) return applyByService(context, input);
  await ensureHistorySchema(context);
  const engine = await context.engine();
  try {
    const result = await engine.applyMigrations(input);
    if (result.appliedMigrationNames.length > 0) context.hasReplayed = false;
    return result;
  } catch (error) {
    const { failure, migration } = context;
    if (!(failure instanceof ScriptFailure) || !migration) throw error;
    const explained = migrationFailed(migration, failure.sqlState, await failure.describe());
    await recordFailure(context, migration, explained.message);
    throw explained;
  }
};

async function applyByService(
  context: EngineContext,
  input: Input<'applyMigrations'>,
): Promise<Output<'applyMigrations'>> {
  const applied: string[] = [];
  for (const { service, names } of takeTurns(input.migrationsList)) {
    const migrationsList = await historyOf(service, names);
    const turn = await asService(context, service, (own) =>
      applyMigrations(own, { ...input, migrationsList }),
    );
    applied.push(...turn.appliedMigrationNames);
  }
  if (applied.length > 0) context.hasReplayed = false;
  return { appliedMigrationNames: applied };
}

interface Turn {
  service: Service;
  /** Everything of the service up to the end of this turn: what is applied already must be told, too. */
  names: Set<string>;
}

/** The services in the order in which the times of their migrations ask for them. */
function takeTurns(list: Input<'applyMigrations'>['migrationsList']): Turn[] {
  const turns: Turn[] = [];
  for (const { path: migration } of list.migrationDirectories) {
    const owners = ownersOf(list, migration);
    if (owners.length === 0) throw ownerless(list.baseDir, migration);
    for (const service of owners) {
      const earlier = turns.findLast((turn) => turn.service.name === service.name);
      if (earlier && earlier === turns.at(-1)) earlier.names.add(migration);
      else turns.push({ service, names: new Set(earlier?.names).add(migration) });
    }
  }
  return turns;
}

const ownerless = (folder: string, migration: string) =>
  new EngineError('UNKNOWN_MIGRATION', `No service has the migration ${migration} that is in ${folder}.`, {
    hint: 'That folder is generated: run ./sync-schemas.sh in migrations/, which brings it up to date.',
  });
