import type { Comment, Script } from '../sql/index.js';
import { placeOf } from '../sql/index.js';
import type { Finding } from './finding.js';

/** `-- lint: allow RULE because REASON`, on the statement it concerns. */
export interface Suppression {
  rule: string;
  comment: Comment;
  /** Which statement of the script it stands on; undefined for a comment at the end. */
  statement: number | undefined;
  used: boolean;
}

export interface Suppressions {
  all: Suppression[];
  /** Comments that mean to be one and are not. */
  faults: { comment: Comment; message: string }[];
}

const form = /^allow\s+([\w-]+)(?:\s+because\s+(\S.*))?$/s;
const help = 'Write it as: -- lint: allow RULE because REASON';

export function readSuppressions({ statements, remainder }: Script, known: Set<string>): Suppressions {
  const result: Suppressions = { all: [], faults: [] };
  const comments = [
    ...statements.flatMap((each, statement) => each.comments.map((comment) => ({ comment, statement }))),
    ...remainder.map((comment) => ({ comment, statement: undefined })),
  ];
  for (const { comment, statement } of comments) {
    if (!/^lint\s*:/.test(comment.text)) continue;
    const [, rule = '', reason] = form.exec(comment.text.replace(/^lint\s*:\s*/, '')) ?? [];
    const message = faultOf(rule, reason, known);
    if (message) result.faults.push({ comment, message });
    else result.all.push({ rule, comment, statement, used: false });
  }
  return result;
}

function faultOf(rule: string, reason: string | undefined, known: Set<string>): string | undefined {
  if (!rule) return 'This comment means to be an exception from a rule but is not in its form.';
  if (!known.has(rule)) return `There is no rule "${rule}", so this exception excepts nothing.`;
  return reason ? undefined : `This exception from ${rule} gives no reason.`;
}

/** Whether a finding on a statement (any of them, for a finding on the whole migration) is allowed. */
export function isAllowed({ all }: Suppressions, rule: string, statement?: number): boolean {
  const matching = all.filter(
    (each) => each.rule === rule && (statement === undefined || each.statement === statement),
  );
  for (const each of matching) each.used = true;
  return matching.length > 0;
}

/** The findings about the exceptions themselves. */
export function reportSuppressions(suppressions: Suppressions, file: string, sql: string): Finding[] {
  const unused = suppressions.all
    .filter(({ used }) => !used)
    .map(({ rule, comment }) => ({
      comment,
      message: `Nothing here breaks ${rule}, so this exception can go.`,
      help: 'Remove the comment. If the statement it was for moved, move it along.',
    }));
  const faults = suppressions.faults.map((fault) => ({ ...fault, help }));
  return [...faults, ...unused].map(({ comment, message, help }) => {
    const { line, column } = placeOf(sql, comment.offset);
    const statement = sql.slice(comment.offset, comment.end);
    return { rule: 'suppression', level: 'error', message, help, file, line, column, statement };
  });
}
