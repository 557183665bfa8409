import { checksum, spellingsOf } from '../../history/index.js';
import type { EngineContext } from '../context.js';
import { EngineError } from '../errors.js';
import { checksumsOf } from '../history.js';
import type { Input, Method, Output } from './method.js';

type MigrationsList = Input<'devDiagnostic'>['migrationsList'];

/** Prisma would now offer to drop everything. Here it is said what differs and how to mend it. */
export const devDiagnostic: Method<'devDiagnostic'> = async (context, input) => {
  const engine = await context.comparingEngine();
  const result = await engine.devDiagnostic(input);
  context.hasReplayed = true;
  if (result.action.tag !== 'reset') return result;
  const diagnosis = await engine.diagnoseMigrationHistory({ ...input, optInToShadowDatabase: false });
  const asApplied = await spellAsApplied(context, input.migrationsList, diagnosis.editedMigrationNames);
  if (asApplied) return devDiagnostic(context, { ...input, migrationsList: asApplied });
  throw new EngineError('HISTORY_DIFFERS', `${result.action.reason.trim()}\n\nNothing was changed.`, {
    hint: howToMend(diagnosis, input.migrationsList),
  });
};

/**
 * As WebAssembly the engine replays migrations only for `devDiagnostic`, and then only those that are applied. Where
 * some have been applied since, it has to be asked again.
 */
export async function ensureReplayed(
  context: EngineContext,
  { migrationsList, filters }: Input<'devDiagnostic'>,
): Promise<void> {
  if (!context.hasReplayed) await devDiagnostic(context, { migrationsList, filters });
}

/** The list with the texts that were applied, where a file differs from its own in nothing that runs. */
async function spellAsApplied(
  context: EngineContext,
  list: MigrationsList,
  edited: string[],
): Promise<MigrationsList | undefined> {
  const applied = await checksumsOf(context, edited);
  let isSpeltAnew = false;
  const migrationDirectories = list.migrationDirectories.map((directory) => {
    const { path, migrationFile } = directory;
    const { content } = migrationFile;
    const known = content.tag === 'ok' && applied.get(path);
    const value = known && spellingsOf(content.value).find((text) => checksum(text) === known);
    if (!value) return directory;
    isSpeltAnew = true;
    return { path, migrationFile: { ...migrationFile, content: { ...content, value } } };
  });
  return isSpeltAnew ? { ...list, migrationDirectories } : undefined;
}

function howToMend(
  { failedMigrationNames, editedMigrationNames, history }: Output<'diagnoseMigrationHistory'>,
  { baseDir }: MigrationsList,
): string {
  const [failed] = failedMigrationNames;
  if (failed) {
    return mend(
      `Correct ${baseDir}/${failed}/migration.sql, then say that the attempt is undone:`,
      `yarn prisma migrate resolve --rolled-back ${failed}`,
    );
  }
  const missing = history && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [];
  if (missing.length > 0) {
    return mend(`Bring the folders back into ${baseDir} (another branch may have them):`, ...missing);
  }
  const [edited] = editedMigrationNames;
  if (edited) {
    return mend(
      'Bring the file back as it was applied, and put the change into a migration of its own:',
      `git log -p -- ${baseDir}/${edited}/migration.sql`,
    );
  }
  return mend(
    'See what the database has that the migrations do not make:',
    'yarn prisma migrate diff --from-migrations prisma/migrations --to-config-datasource --script',
    'Keep it: save that SQL as a migration and run `yarn prisma migrate resolve --applied NAME`.',
    'Undo it: swap the two sides to `--from-config-datasource --to-migrations prisma/migrations` and run the SQL with `yarn prisma db execute --stdin`.',
  );
}

const throwAway = 'Or throw the data of this development database away: yarn prisma migrate reset';

const mend = (what: string, ...steps: string[]) =>
  [what, ...steps.map((step) => `  ${step}`), throwAway].join('\n');
