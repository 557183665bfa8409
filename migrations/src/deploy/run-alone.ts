import { isConnectionLost } from '../connection/index.js';
import { recordLogs } from '../history/index.js';
import type { Alone } from './alone.js';
import { type Attempt, runningText } from './attempt.js';
import { runBatch } from './batch.js';
import { isAlreadyDone, lookBefore, notedBefore } from './before.js';
import { restOfDetach, stateOfPartition } from './detach.js';
import { dropInvalid } from './indexes.js';
import { retryForLocks } from './retry.js';
import type { Statement, Step } from './script.js';
import type { Session } from './session.js';
import { StatementError } from './statement-error.js';
import { headline } from './watch.js';

/**
 * A statement that commits by itself cannot be noted in its own transaction. What was there before is noted first, so
 * that after a crash the catalogue tells whether it finished.
 */
export async function runAlone(
  session: Session,
  migration: string,
  { statements, alone, digest }: Step,
  attempt: Attempt,
  record: string,
): Promise<void> {
  const { client, settings } = session;
  const [statement] = statements;
  if (!alone || !statement) return;
  await open(session, attempt);
  const noted = notedBefore(attempt, digest);
  if (noted?.isSame && (await isAlreadyDone(session, alone, noted.names))) {
    session.emit({
      type: 'already-done',
      migration,
      statement: headline(statement),
    });
    await client.query(record);
    return;
  }
  const before = await lookBefore(session, alone, noted);
  attempt.mark.before = { step: attempt.stepsDone, digest, indexes: before };
  await client.query(recordLogs(session.service.schema, attempt.id, runningText(attempt)));
  await client.query(`SET statement_timeout = ${settings.statementTimeoutMs}`);
  const run = (lockTimeoutMs: number) =>
    runOnce(session, migration, { alone, statement, before, lockTimeoutMs }, attempt);
  // What a block committed before it failed, it would do a second time.
  if (alone.kind === 'block') await run(settings.lockWaitMs);
  else await retryForLocks(session, migration, run, () => attempt.leftBehind);
  attempt.leftBehind = undefined;
  await client.query(record);
}

interface Try {
  alone: Alone;
  statement: Statement;
  before: string[];
  lockTimeoutMs: number;
}

async function runOnce(
  session: Session,
  migration: string,
  { alone, statement, before, ...growing }: Try,
  attempt: Attempt,
): Promise<void> {
  const { client, settings } = session;
  const rest = await restOfDetach(session, alone, statement);
  // Whoever reads the partition itself does queue behind its last part.
  const isPatient = alone.patient && !rest;
  const lockTimeoutMs = isPatient ? settings.lockWaitMs : growing.lockTimeoutMs;
  await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
  await dropInvalid(session, migration, alone, before);
  try {
    await runBatch(
      session,
      { migration, before: [], statements: [rest ?? statement], after: [] },
      lockTimeoutMs,
    );
  } catch (error) {
    const { cause } = error instanceof StatementError ? error : { cause: error };
    if (!isConnectionLost(cause)) attempt.leftBehind = await cleanUp(session, migration, alone, before);
    throw error;
  }
}

/** Undoes what a failed statement left, and answers what remains of it all the same. */
async function cleanUp(
  session: Session,
  migration: string,
  alone: Alone,
  before: string[],
): Promise<string | undefined> {
  if (alone.kind === 'block')
    return 'What the block committed before it failed remains, and the next deploy runs it from its beginning.';
  if (alone.kind === 'detach')
    return (await stateOfPartition(session, alone)) === 'pending'
      ? 'The partition is half detached; the next deploy finishes that.'
      : undefined;
  try {
    // Whoever held up the build may hold up the drop too; then the next deploy does it.
    await session.client.query(`SET lock_timeout = ${session.settings.lockTimeoutMaxMs}`);
    await dropInvalid(session, migration, alone, before);
    return undefined;
  } catch {
    return 'An INVALID index remains, which the next deploy drops.';
  }
}

async function open({ client }: Session, attempt: Attempt): Promise<void> {
  await client.query(attempt.opening.join(';\n'));
  attempt.opening = [];
}
