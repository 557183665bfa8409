import type pg from 'pg';
import { UserError } from '../errors/index.js';
import type { Migration } from '../history/index.js';
import { findRoot, type Service } from '../services/index.js';
import { readComments } from '../sql/comments.js';
import { type LoadedDataMigration, listDataMigrations, loadDataMigration } from './files.js';
import { fullName } from './name.js';
import { readStates } from './state.js';
import { openWalk } from './walk.js';

const words = /^requires data migration:?\s+(\S+)$/i;

/** A schema migration waits for rows that are not filled in yet. */
export class DataMigrationRequired extends UserError {
  constructor(
    message: string,
    readonly dataMigration: string,
  ) {
    super('DATA_MIGRATION_REQUIRED', message, {
      hint: `Run it, then deploy again: yarn db data run ${dataMigration}. Or let the deploy run it: --with-data.`,
    });
  }
}

/** The data migrations that a script names in comments of the form `-- requires data migration: NAME`. */
export const requirementsOf = (sql: string): string[] =>
  readComments(sql).flatMap(({ text }) => words.exec(text)?.[1] ?? []);

export interface Requirement {
  client: pg.Client;
  service: Service;
  migration: Migration;
  /** Runs a data migration that is not complete. Without it the schema migration is refused. */
  run?: ((name: string) => Promise<void>) | undefined;
}

/** Sees to it that the data migrations a schema migration names are complete. Where there is no row to change, they are. */
export async function requireDataMigrations(requirement: Requirement): Promise<void> {
  const { client, service, migration, run } = requirement;
  const required = requirementsOf(migration.sql);
  if (required.length === 0) return;
  const states = await readStates(client, service.schema);
  const begun = states.map(({ name }) => name);
  const root = findRoot(service.folder);
  const files = await listDataMigrations(root);
  for (const given of required) {
    const file = meant(requirement, files, given);
    // The file of one that is complete may be gone.
    const name = file ?? meant(requirement, begun, given);
    const state = states.find((each) => each.name === name);
    if (state?.finished_at) continue;
    if (file && (await hasNothingToDo(client, service, await loadDataMigration(root, file)))) continue;
    if (!run) throw refuse(requirement, given, state ? 'has not finished' : 'has not run');
    await run(name ?? given);
  }
}

/** The full name of what a schema migration requires; says which one does where that can mean several. */
function meant({ migration, service }: Requirement, names: string[], given: string): string | undefined {
  try {
    return fullName(names, given);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(
      cause.code,
      `${migration.name} of ${service.name} requires a data migration: ${cause.message}`,
      {
        hint: `Write the full name into its comment. Where ${migration.name} has been applied anywhere, give the newer data migration another name instead.`,
        cause,
      },
    );
  }
}

const refuse = ({ migration, service }: Requirement, given: string, why: string): DataMigrationRequired =>
  new DataMigrationRequired(
    `${migration.name} of ${service.name} needs the data migration ${given}, which ${why}.`,
    given,
  );

/** A new database has no rows, and one without rows to change needs no change. */
async function hasNothingToDo(
  client: pg.Client,
  { schema }: Service,
  migration: LoadedDataMigration,
): Promise<boolean> {
  const walk = await openWalk(client, schema, migration);
  return (await walk.lastKey()) === undefined;
}
