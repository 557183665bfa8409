import { isConnectionLost } from '../connection/index.js';
import {
  forgetAttempt,
  type HistoryRow,
  type Migration,
  recordFinish,
  recordLogs,
  recordStep,
  writeMark,
} from '../history/index.js';
import { type Attempt, beginAttempt } from './attempt.js';
import { runBatch } from './batch.js';
import { GaveUp, MigrationFailed } from './errors.js';
import { retryForLocks } from './retry.js';
import { runAlone } from './run-alone.js';
import type { Step } from './script.js';
import type { Session } from './session.js';
import { StatementError } from './statement-error.js';

/** Applies the steps of one migration, continuing where an earlier attempt was cut off. The caller holds the lock. */
export async function applyMigration(
  session: Session,
  migration: Migration,
  steps: Step[],
  unfinished: HistoryRow[],
): Promise<void> {
  const attempt = beginAttempt(session, migration, steps, unfinished);
  try {
    while (attempt.stepsDone < steps.length) {
      const step = steps[attempt.stepsDone];
      if (step) await runStep(session, migration, step, attempt, steps.length);
      attempt.stepsDone++;
    }
    // What failed before was taken out of the file, and there is no more to run.
    if (attempt.opening.length > 0) await finish(session, attempt);
  } catch (error) {
    throw await recordFailure(session, migration, attempt, error);
  }
}

async function runStep(
  session: Session,
  migration: Migration,
  step: Step,
  attempt: Attempt,
  steps: number,
): Promise<void> {
  const done = attempt.stepsDone + 1;
  const record =
    done === steps
      ? recordFinish(session.service.schema, attempt.id, done)
      : recordStep(session.service.schema, attempt.id, done);
  if (step.alone) await runAlone(session, migration.name, step, attempt, record);
  else await runTransaction(session, migration.name, step, attempt, record);
}

/** The statements and the note that they are applied commit together, so neither is ever there without the other. */
async function runTransaction(
  session: Session,
  migration: string,
  { statements }: Step,
  attempt: Attempt,
  record: string,
): Promise<void> {
  const { client, settings } = session;
  await retryForLocks(session, migration, async (lockTimeoutMs) => {
    const before = [
      ...attempt.opening,
      'BEGIN',
      `SET LOCAL lock_timeout = ${lockTimeoutMs}`,
      `SET LOCAL statement_timeout = ${settings.statementTimeoutMs}`,
    ];
    try {
      await runBatch(session, { migration, before, statements, after: [record, 'COMMIT'] }, lockTimeoutMs);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
  attempt.opening = [];
}

async function finish({ client, service }: Session, { opening, id, stepsDone }: Attempt): Promise<void> {
  await client.query([...opening, recordFinish(service.schema, id, stepsDone)].join(';\n'));
}

/** Writes down how the attempt ended, if the connection still allows it, and answers the error to throw. */
async function recordFailure(
  session: Session,
  migration: Migration,
  attempt: Attempt,
  error: unknown,
): Promise<unknown> {
  const { client, service } = session;
  const { schema } = service;
  if (error instanceof GaveUp) {
    if (!attempt.leftBehind) await client.query(forgetAttempt(schema, attempt.id));
    return error;
  }
  if (!(error instanceof StatementError) || isConnectionLost(error.cause))
    return error instanceof StatementError ? error.cause : error;
  const failed = new MigrationFailed(error.failure(service.name, migration, attempt), error.cause);
  const logs = writeMark({ ...attempt.mark, state: 'failed' }, failed.message);
  const notes = [...attempt.opening, recordLogs(schema, attempt.id, logs)];
  await client.query(notes.join(';\n')).catch(() => undefined);
  return failed;
}
