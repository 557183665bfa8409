import { UserError } from '../errors/index.js';
import type { DataMigration } from './definition.js';
import type { LoadedDataMigration } from './files.js';

/** The rows a cursor counts in: with any of it changed, what is done says nothing of the rows before the cursor. */
export interface Scope {
  table: string;
  key: string[];
  where: string;
}

export const scopeOf = ({ table, key = ['id'], where = 'true' }: DataMigration): Scope => ({
  table,
  key,
  where,
});

interface Began {
  rows_done: number;
  scope?: Scope | null;
}

/** The parts of a file that are no longer what they were when its run began. */
export function changesOf({ scope }: Began, definition: DataMigration): (keyof Scope)[] {
  if (!scope) return [];
  const now = scopeOf(definition);
  return (['table', 'key', 'where'] as const).filter((part) => `${scope[part]}` !== `${now[part]}`);
}

/** Refuses to go on where the file names other rows than its run began with. */
export function requireSameScope(began: Began, { file, name, definition }: LoadedDataMigration): void {
  const changes = changesOf(began, definition);
  if (changes.length === 0) return;
  const before = changes.map((part) => `"${part}" was ${JSON.stringify(began.scope?.[part])}`);
  throw new UserError(
    'OTHER_ROWS',
    `${file} names other rows than when it began: ${before.join(', ')}. What it has done, ${began.rows_done} rows, says nothing of them.`,
    {
      hint: `Begin with the first row: yarn db data run ${name} --restart. Or put back what was there, and run the command again.`,
    },
  );
}
