import { UserError } from '../errors/index.js';

export interface Failure {
  service: string;
  migration: string;
  file: string;
  /** The statement as written, without what precedes it. */
  statement: string;
  line: number;
  sqlState: string;
  reason: string;
  detail: string | undefined;
  hint: string | undefined;
  /** Steps of this migration that were committed before. */
  stepsDone: number;
  /** What is there of the failing step; undefined where it was undone. */
  leftBehind: string | undefined;
}

/** PostgreSQL refused a statement. The failing step was undone and the migration is recorded as failed. */
export class MigrationFailed extends UserError {
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super('MIGRATION_FAILED', describeFailure(failure), { hint: nextStep(failure), cause });
    this.failure = failure;
  }
}

/** A lock could not be had in the time allowed. */
export class GaveUp extends UserError {}

/** The history and the folders contradict each other; a person has to decide. */
export class HistoryConflict extends UserError {}

/** Session locks do not hold behind a pooler that changes the connection with every transaction. */
export class PoolerInTheWay extends UserError {}

function describeFailure(failure: Failure): string {
  return [
    `The migration ${failure.migration} of ${failure.service} failed.`,
    `  ${failure.file}:${failure.line}`,
    ...excerpt(failure.statement).map((line) => `    ${line}`),
    `  ERROR ${failure.sqlState}: ${failure.reason}`,
    ...(failure.detail ? [`  DETAIL: ${failure.detail}`] : []),
    ...(failure.hint ? [`  HINT: ${failure.hint}`] : []),
    whatRemains(failure),
  ].join('\n');
}

function whatRemains({ stepsDone, leftBehind }: Failure): string {
  if (stepsDone === 0) return leftBehind ?? 'Nothing of it remains in the database.';
  const before = `Its first ${stepsDone} steps were committed before and remain`;
  return leftBehind ? `${before}. ${leftBehind}` : `${before}; the failing step was undone.`;
}

const emptyRows =
  'Some rows are not as it asks. Where a value is required, they are those WHERE the column IS NULL: fill them, where a data migration does that with yarn db data run DATA_MIGRATION --restart, and deploy again.';

const inTheWay = 'Another session was in its way: deploy again, when there is less traffic.';

const hints: Record<string, string> = {
  '42P07':
    'If the database already has what the migration creates: in SERVICE/, yarn prisma migrate resolve --applied NAME, or adopt all with yarn db baseline.',
  '42701':
    'If the column is there already and as it should be: in SERVICE/, yarn prisma migrate resolve --applied NAME.',
  '53100':
    'The disk of the database server is full. Free space (or enlarge it), then run the same command again.',
  '53400': 'A limit of the server was reached (temp_file_limit?). Raise it, then run the same command again.',
  '42501': 'Migrations run as the owner role of the service; it has rights on its own schema only.',
  '57014': 'It ran longer than --statement-timeout, or somebody cancelled it.',
  '55P04':
    'A new enum value can be used only after it is committed: put its use into a migration of its own.',
  '23502': emptyRows,
  '23514': emptyRows,
  '55P03': inTheWay,
  '40P01': inTheWay,
  '40001': inTheWay,
  '25001': 'Such a statement cannot run inside BEGIN … COMMIT: take it out of the block.',
};

function nextStep({ sqlState, service, migration }: Failure): string {
  const special = hints[sqlState]?.replace('SERVICE', service).replace('NAME', migration);
  return special ?? 'Correct the file (or the data it stumbled over) and deploy again.';
}

const maxLines = 12;

function excerpt(statement: string): string[] {
  const lines = statement.split('\n');
  return lines.length > maxLines ? [...lines.slice(0, maxLines), '…'] : lines;
}
