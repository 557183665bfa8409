import { EngineError } from '../engine/index.js';
import { UserError } from '../errors/index.js';
import type { Draft } from '../rewrite/index.js';
import { fillKey } from './questions.js';
import type { MigrationFile } from './write.js';

/** Why the migrations could not be replayed, where that is a value that was given for a column. */
export function explainFill(error: unknown, drafts: Draft[], migrations: MigrationFile[]): unknown {
  if (!(error instanceof EngineError && error.cause instanceof Error)) return error;
  const failed = migrations.findIndex(({ name }) => name === error.meta.migration_name);
  const column = drafts[failed]?.fills;
  if (!column) return error;
  const key = fillKey(column);
  return new UserError(
    'BAD_EXPRESSION',
    `The value for ${key} cannot be used: PostgreSQL says "${error.cause.message}". Nothing was written.`,
    {
      hint: `Correct --fill "${key}=SQL": an expression of the column's type, which may name other columns of the same row.`,
      cause: error,
    },
  );
}
