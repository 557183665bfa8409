import type pg from 'pg';
import type { Migration } from '../history/index.js';
import type { Failure } from './errors.js';
import type { Statement } from './script.js';

/** What PostgreSQL said, with the statement it said it about. */
export class StatementError extends Error {
  readonly statement: Statement;
  override readonly cause: pg.DatabaseError;
  /** Where in the statement, if PostgreSQL said so. */
  readonly #offset: number;

  constructor(statement: Statement, cause: pg.DatabaseError, offset = 0) {
    super(cause.message);
    this.statement = statement;
    this.cause = cause;
    this.#offset = offset;
  }

  failure(
    service: string,
    { name, file }: Migration,
    done: Pick<Failure, 'stepsDone' | 'leftBehind'>,
  ): Failure {
    const { text, line } = this.statement;
    const { code, message, detail, hint } = this.cause;
    return {
      service,
      migration: name,
      file,
      statement: text,
      line: line + text.slice(0, this.#offset).split('\n').length - 1,
      sqlState: code ?? '',
      reason: message,
      detail,
      hint,
      stepsDone: done.stepsDone,
      leftBehind: done.leftBehind,
    };
  }
}
