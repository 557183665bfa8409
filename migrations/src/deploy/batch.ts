import type pg from 'pg';
import type { Statement } from './script.js';
import type { Session } from './session.js';
import { StatementError } from './statement-error.js';
import { watching } from './watch.js';

/** SQL that goes to the server as one message, so that many statements cost no more round trips than one. */
export interface Batch {
  migration: string;
  /** What precedes the script's own statements, and what follows them. */
  before: string[];
  statements: Statement[];
  after: string[];
}

/** Runs a batch; an error inside the script or after it names the statement it belongs to. */
export async function runBatch(session: Session, batch: Batch, lockTimeoutMs: number): Promise<void> {
  const { connection } = session.client;
  let completed = 0;
  const count = () => {
    completed++;
  };
  const current = () => statementAt(batch, completed);
  const { text, starts } = compose(batch);
  connection.on('commandComplete', count);
  try {
    await watching(session, batch.migration, current, lockTimeoutMs, () => session.client.query(text));
  } catch (error) {
    throw attribute(error as pg.DatabaseError, batch, completed, starts);
  } finally {
    connection.off('commandComplete', count);
  }
}

/** The comment is what pg_stat_activity shows first. A line break protects the semicolon from a comment at the end. */
function compose({ migration, before, statements, after }: Batch): { text: string; starts: number[] } {
  let text = `/* ${migration.replaceAll('*/', '')} */ ${before.map((sql) => `${sql};\n`).join('')}`;
  const starts = statements.map((statement) => {
    const start = text.length;
    text += `${statement.text}\n;\n`;
    return start;
  });
  return { text: text + after.join(';\n'), starts };
}

const empty: Statement = { text: '', line: 1 };

/** What follows the script, such as a deferred constraint at COMMIT, counts as its last statement's doing. */
function statementAt({ before, statements }: Batch, completed: number): Statement {
  const at = Math.min(Math.max(completed - before.length, 0), statements.length - 1);
  return statements[at] ?? empty;
}

/** A message that does not parse fails before its first statement: then the position tells which one it is. */
function attribute(error: pg.DatabaseError, batch: Batch, completed: number, starts: number[]): Error {
  const position = Number(error.position ?? 0) - 1;
  const at = starts.findLastIndex((start) => start <= position);
  const byPosition = batch.statements[at];
  if (byPosition) return new StatementError(byPosition, error, position - (starts[at] ?? 0));
  if (completed < batch.before.length) return error;
  return new StatementError(statementAt(batch, completed), error);
}
