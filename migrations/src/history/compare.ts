import { type Migration, matchesChecksum } from './folders.js';
import type { HistoryRow } from './table.js';

/** A migration that was begun and neither finished nor marked as rolled back. */
export interface Unfinished {
  row: HistoryRow;
  /** Absent when this checkout has no such folder. */
  migration: Migration | undefined;
}

export interface Comparison {
  applied: Migration[];
  /** In the order they apply; includes the unfinished ones. */
  pending: Migration[];
  /** Applied with another text than the file has now. */
  edited: Migration[];
  unfinished: Unfinished[];
  /** Applied, but this checkout has no such folder. */
  unknown: string[];
}

/** A service's folders against its history. */
export function compareHistory(migrations: Migration[], history: HistoryRow[]): Comparison {
  const standing = history.filter((row) => row.rolled_back_at === null);
  const finished = new Map(standing.filter(isFinished).map((row) => [row.migration_name, row]));
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  return {
    applied: migrations.filter(({ name }) => finished.has(name)),
    pending: migrations.filter(({ name }) => !finished.has(name)),
    edited: migrations.filter((migration) => {
      const row = finished.get(migration.name);
      return row !== undefined && !matchesChecksum(migration, row.checksum);
    }),
    unfinished: standing
      .filter((row) => !isFinished(row))
      .map((row) => ({ row, migration: byName.get(row.migration_name) })),
    unknown: [...finished.keys()].filter((name) => !byName.has(name)),
  };
}

const isFinished = (row: HistoryRow): boolean => row.finished_at !== null;
