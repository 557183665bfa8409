import type pg from 'pg';
import { UserError } from '../errors/index.js';
import type { Migration } from '../history/index.js';
import { findRoot, type Service } from '../services/index.js';
import { readComments } from '../sql/comments.js';
import { listDataMigrations, loadDataMigration } from './files.js';
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
  const isNamed = (name: string, given: string) => name === given || name.replace(/^\d+_/, '') === given;
  for (const given of required) {
    const state = states.find(({ name }) => isNamed(name, given));
    if (state?.finished_at || (await hasNothingToDo(client, service, given))) continue;
    if (!run) throw refuse(requirement, given, state ? 'has not finished' : 'has not run');
    await run(given);
  }
}

const refuse = ({ migration, service }: Requirement, given: string, why: string): DataMigrationRequired =>
  new DataMigrationRequired(
    `${migration.name} of ${service.name} needs the data migration ${given}, which ${why}.`,
    given,
  );

/** A new database has no rows, and one without rows to change needs no change. */
async function hasNothingToDo(client: pg.Client, service: Service, given: string): Promise<boolean> {
  const root = findRoot(service.folder);
  if (!(await listDataMigrations(root)).some((name) => name.endsWith(given))) return false;
  const walk = await openWalk(client, service.schema, await loadDataMigration(root, given));
  return (await walk.lastKey()) === undefined;
}
