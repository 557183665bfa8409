import { join } from 'node:path';
import { listMigrations, missingMigrations } from '@bw/migrations/history';
import type { Pool } from 'pg';
import { UnavailableError } from '../errors/index.js';
import type { Log } from '../logging/index.js';

/** Passes when the database answers and has every migration that this build was made with; a newer one is no fault. */
export function databaseCheck(
  pool: Pool,
  options: { folder: string; schema: string },
  log: Log,
): () => Promise<void> {
  let known: Promise<string[]> | undefined;
  let told = '';
  return async () => {
    known ??= listMigrations(join(options.folder, 'prisma/migrations'));
    const { missing, unknown } = await missingMigrations({
      known: await known,
      schema: options.schema,
      query: async (sql) => (await pool.query<{ migration_name: string }>(sql)).rows,
    });
    if (missing.length > 0)
      throw new UnavailableError(`the database lacks the migrations ${missing.join(', ')}`);
    if (told === unknown.join()) return;
    told = unknown.join();
    log.warn({ migrations: unknown }, 'The database is newer than this build');
  };
}
