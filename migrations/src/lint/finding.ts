export type Level = 'error' | 'advice';

/** What is wrong with a statement, and what to write instead. Data only: printing, sorting and exit codes are elsewhere. */
export interface Finding {
  rule: string;
  /** Advice is shown and does not fail the run. */
  level: Level;
  /** Names the lock, what it blocks, and the table. */
  message: string;
  /** What to change; lines of SQL are indented by four spaces. */
  help: string;
  file: string;
  line: number;
  column: number;
  /** As written; empty for what concerns a whole migration. */
  statement: string;
}
