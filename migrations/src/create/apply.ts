import { rm } from 'node:fs/promises';
import { close, connect } from '../connection/index.js';
import { dataMigrationFile, requirementsOf } from '../data/index.js';
import { deployService, type Emit } from '../deploy/index.js';
import { UserError } from '../errors/index.js';
import { historyTable } from '../history/index.js';
import { findRoot, type Service } from '../services/index.js';
import { type MigrationFile, removeMigrations } from './write.js';

/**
 * Applies what is pending; answers what the rest has to wait for, where that is a data migration. When one of the new
 * migrations fails, what was not applied is taken back.
 */
export async function applyMigrations(
  service: Service,
  url: string,
  created: MigrationFile[],
  onEvent?: Emit,
): Promise<UserError | undefined> {
  try {
    await deployService({ service, url, onEvent });
    return undefined;
  } catch (error) {
    if (created.length > 0 && isWaiting(error)) return error;
    const kept = await takeBack(service, url, created);
    if (created.length === 0 || !(error instanceof Error)) throw error;
    throw new UserError('NOT_APPLIED', error.message, {
      hint:
        kept.length === 0
          ? `The new migration was taken back: nothing of it is in ${service.migrationsFolder} or in the database. Mend the cause and run the command again.`
          : `Applied and kept: ${kept.join(', ')}. The rest was taken back. Mend the cause and run the command again: it goes on from there.`,
      cause: error,
    });
  }
}

const isWaiting = (error: unknown): error is UserError =>
  error instanceof UserError && error.code === 'DATA_MIGRATION_REQUIRED';

/** Removes the new migrations that are not applied, on disk and in the history; answers those that are. */
async function takeBack(
  { schema, folder, migrationsFolder }: Service,
  url: string,
  created: MigrationFile[],
): Promise<string[]> {
  const names = created.map(({ name }) => name);
  const client = await connect({ url, applicationName: 'db create' });
  try {
    const { rows } = await client.query<{ migration_name: string }>(
      `SELECT migration_name FROM ${historyTable(schema)} WHERE migration_name = ANY($1) AND finished_at IS NOT NULL`,
      [names],
    );
    const kept = rows.map((row) => row.migration_name);
    const gone = names.filter((name) => !kept.includes(name));
    await client.query(`DELETE FROM ${historyTable(schema)} WHERE migration_name = ANY($1)`, [gone]);
    await removeMigrations(migrationsFolder, gone);
    for (const required of created
      .filter(({ name }) => gone.includes(name))
      .flatMap(({ sql }) => requirementsOf(sql)))
      await rm(dataMigrationFile(findRoot(folder), required), { force: true });
    return kept;
  } finally {
    await close(client);
  }
}
