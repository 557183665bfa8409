/**
 * What a run of `db deploy` leaves in the `logs` of an unfinished row. Prisma shows that column as text and never
 * parses it, so one line for the next deploy followed by text for people serves both.
 */
export interface Mark {
  state: 'running' | 'failed';
  /** Who applies it: `pid 123 on web-1`. */
  by: string;
  /** A digest of each step of the script: a later deploy continues after the finished ones only if they are unchanged. */
  steps: string[];
  /**
   * What there was before a step (counted from 0) that runs outside a transaction: the indexes of the table it builds
   * one on, the index it drops or the partition it detaches. It tells nothing of a step with another digest.
   */
  before?: { step: number; digest?: string | undefined; indexes: string[] };
}

const prefix = 'db deploy ';

export function writeMark(mark: Mark, text: string): string {
  return `${prefix}${JSON.stringify(mark)}\n${text}`;
}

/** The mark of an unfinished row; undefined where another tool wrote the row. */
export function readMark(logs: string | null): Mark | undefined {
  if (!logs?.startsWith(prefix)) return undefined;
  const [line = ''] = logs.slice(prefix.length).split('\n', 1);
  try {
    return JSON.parse(line) as Mark;
  } catch {
    return undefined;
  }
}

/** What `logs` says to a person. */
export function readText(logs: string | null): string {
  if (!logs) return '';
  return readMark(logs) ? logs.slice(logs.indexOf('\n') + 1) : logs;
}
