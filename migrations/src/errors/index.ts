export interface UserErrorOptions {
  /** What to do next: a command, a flag, a line to change. */
  hint?: string;
  cause?: unknown;
}

/** Something the person at the keyboard can mend. `code` is stable; the message says what is wrong and where. */
export class UserError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number = 1;

  constructor(code: string, message: string, { hint, cause }: UserErrorOptions = {}) {
    super(message, { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** A question came up where nobody can be asked: the hint names the flag that answers it. */
export class AnswerNeeded extends UserError {
  override readonly exitCode = 2;
}
