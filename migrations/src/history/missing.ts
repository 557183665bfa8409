import { historyTable } from './table.js';

export interface MigrationGap {
  /** Known to this image, not applied to the database: the service is not ready. */
  missing: string[];
  /** Applied to the database, not known to this image: the service is older than the database, which is no fault. */
  unknown: string[];
}

export interface MissingMigrationsOptions {
  /** The names of the migrations the image ships: `await listMigrations(folder)`, read once. */
  known: string[];
  /** The schema that holds the service's `_prisma_migrations`. */
  schema: string;
  /** Runs one SELECT on the service's own pool. */
  query: (sql: string) => Promise<{ migration_name: string }[]>;
}

/**
 * What a readiness check asks: does the database have every migration this image was built with? One SELECT of one
 * short column; errors of `query` pass through, because a service whose history cannot be read is not ready either.
 */
export async function missingMigrations(options: MissingMigrationsOptions): Promise<MigrationGap> {
  const rows = await options.query(
    `SELECT migration_name FROM ${historyTable(options.schema)} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  const known = new Set(options.known);
  return {
    missing: options.known.filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !known.has(name)).sort(),
  };
}
