import {
  type HistoryRow,
  type Mark,
  type Migration,
  newAttemptId,
  readMark,
  recordRollback,
  recordStart,
  writeMark,
} from '../history/index.js';
import { HistoryConflict } from './errors.js';
import type { Step } from './script.js';
import { resetSession, type Session } from './session.js';

/** One go at one migration: where it begins, and the row that will say how it ended. */
export interface Attempt {
  id: string;
  stepsDone: number;
  mark: Mark;
  /** SQL that records the beginning; it may be sent again, and goes along with the first step. */
  opening: string[];
  /** What a failed step could not undo, in words: the row has to stay, so that the next deploy knows of it. */
  leftBehind: string | undefined;
}

/** Looks at the rows that earlier attempts left unfinished, says what it found, and prepares the new attempt. */
export function beginAttempt(
  session: Session,
  migration: Migration,
  steps: Step[],
  unfinished: HistoryRow[],
): Attempt {
  const [last, ...older] = unfinished.toReversed();
  const found = last && inspect(session, migration, steps, last);
  // A corrected file is another text: as with Prisma, the failed row stays as it was and a new one begins.
  const isCorrected = found?.state === 'failed' && last?.checksum !== migration.checksum;
  const superseded = [...older, ...(isCorrected && last ? [last] : [])];
  const attempt: Attempt = {
    id: last && !isCorrected ? last.id : newAttemptId(),
    stepsDone: last?.applied_steps_count ?? 0,
    mark: {
      state: 'running',
      by: whoWeAre(),
      steps: steps.map(({ digest }) => digest),
      // Kept from attempt to attempt: after the step has committed, what was there before it can no longer be seen.
      ...(found?.before && { before: { digest: found.steps[found.before.step], ...found.before } }),
    },
    opening: [],
    leftBehind: undefined,
  };
  const { schema } = session.service;
  const { name, checksum } = migration;
  attempt.opening = [
    ...resetSession(schema),
    // If these rows are lost with the server, so is everything after them: no need to wait for the disk.
    'BEGIN',
    'SET LOCAL synchronous_commit = off',
    ...superseded.map(({ id }) => recordRollback(schema, id)),
    recordStart(schema, { ...attempt, name, checksum, logs: runningText(attempt) }),
    'COMMIT',
  ];
  return attempt;
}

export const runningText = ({ mark }: Attempt): string =>
  writeMark(
    mark,
    'Being applied. If nobody is applying it any more, run the deploy again: it knows what was committed.',
  );

const whoWeAre = (): string => `pid ${process.pid} on ${process.env.HOSTNAME || 'this machine'}`;

function inspect(session: Session, { name, file }: Migration, steps: Step[], row: HistoryRow): Mark {
  const mark = readMark(row.logs);
  const done = row.applied_steps_count;
  if (!mark) throw begunElsewhere(session.service.name, row);
  if (steps.slice(0, done).some((step, at) => step.digest !== mark.steps[at]) || done > steps.length) {
    throw new HistoryConflict(
      'APPLIED_STEPS_EDITED',
      `The first ${done} steps of the migration ${name} of ${session.service.name} are applied, and ${file} has changed them since.`,
      { hint: 'Restore those statements; only what comes after them may still be corrected.' },
    );
  }
  session.emit({
    type: 'found',
    migration: name,
    state: mark.state,
    by: mark.by,
    startedAt: row.started_at,
    done,
    steps: steps.length,
  });
  return mark;
}

function begunElsewhere(service: string, { migration_name: name, started_at }: HistoryRow): HistoryConflict {
  return new HistoryConflict(
    'FAILED_MIGRATION',
    `The migration ${name} of ${service}, begun by another tool at ${started_at.toISOString()}, did not finish (P3009). Whether any of it is in the database cannot be told from here.`,
    {
      hint: `Look at the database, then in the service's folder: "yarn prisma migrate resolve --rolled-back ${name}" if nothing of it is there, "--applied ${name}" if all of it is.`,
    },
  );
}
