import type pg from 'pg';
import { lineOf, readStatements } from '../../sql/index.js';

/** What PostgreSQL said, and how far it had come. */
interface Refusal {
  sqlState: string;
  /** `ERROR: …`, `DETAIL: …`, `HINT: …` */
  lines: string[];
  /** The character that PostgreSQL points at, counted from 0. */
  position?: number | undefined;
  /** How many statements had run before. */
  completed: number;
}

/** A script that could not be run, and where in it the trouble is. */
export class ScriptFailure extends Error {
  override readonly name = 'ScriptFailure';
  readonly script: string;
  readonly sqlState: string;
  readonly #refusal: Refusal;

  private constructor(script: string, refusal: Refusal, cause?: unknown) {
    super(refusal.lines[0], { cause });
    this.script = script;
    this.sqlState = refusal.sqlState;
    this.#refusal = refusal;
  }

  static refused(script: string, completed: number, error: pg.DatabaseError): ScriptFailure {
    const { severity = 'ERROR', message, detail, hint, where, code = 'none', position } = error;
    const lines = [
      `${severity}: ${message}`,
      detail && `DETAIL: ${detail}`,
      hint && `HINT: ${hint}`,
      where && `CONTEXT: ${where}`,
    ].filter((line) => line !== undefined);
    const refusal = {
      sqlState: code,
      lines,
      position: position ? Number(position) - 1 : undefined,
      completed,
    };
    return new ScriptFailure(script, refusal, error);
  }

  /** PostgreSQL would throw such work away at the end of the connection, without a word. */
  static unfinished(script: string, completed: number): ScriptFailure {
    const lines = [
      'ERROR: the script begins a transaction and does not end it',
      'HINT: End it with COMMIT. All of it was rolled back.',
    ];
    return new ScriptFailure(script, { sqlState: '25001', lines, completed: completed - 1 });
  }

  /** PostgreSQL's words, the lines up to the place, and the whole failing statement. */
  async describe(): Promise<string> {
    const place = await this.#locate();
    const lines = this.script.split('\n');
    const first = Math.max(0, place.line - 6);
    const excerpt = lines.slice(first, place.line).map((line, index) => numbered(first + index + 1, line));
    const statement = place.text && `\n\nFailing statement (line ${place.start}):\n${shorten(place.text)}`;
    return `${this.#refusal.lines.join('\n')}\n\nPosition:\n${excerpt.join('\n')}${statement}`;
  }

  async #locate(): Promise<{ line: number; start: number; text: string }> {
    const { position, completed } = this.#refusal;
    const statements = await readStatements(this.script);
    const failing =
      position === undefined
        ? statements?.at(completed)
        : statements?.findLast((statement) => statement.offset <= position);
    const line = position === undefined ? (failing?.line ?? 1) : lineOf(this.script, position);
    return { line, start: failing?.line ?? line, text: failing?.text ?? '' };
  }
}

const numbered = (number: number, line: string) => `${String(number).padStart(3)} ${line}`.trimEnd();

const longest = 20;

function shorten(statement: string): string {
  const lines = statement.split('\n');
  return lines.length > longest ? [...lines.slice(0, longest), '…'].join('\n') : statement;
}
