import { mustRunAlone } from '../../deploy/alone.js';
import { stopsReads } from '../../locks/index.js';
import { textsOf, walk, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';

export const heldLock: Rule = {
  id: 'held-lock',
  title: 'A statement that takes its time while an exclusive lock is held',
  level: 'error',
  *check(context) {
    if (!takesTime(context)) return;
    for (const { statement, locks } of context.earlier) {
      const held = locks.find(({ mode, isNew }) => stopsReads(mode) && !isNew);
      // With the same lock of its own it is judged by its own rule.
      if (
        !held ||
        context.locks.some((own) => stopsReads(own.mode) && context.catalog.isSame(own.table, held.table))
      )
        continue;
      yield {
        message: `While this runs, the ACCESS EXCLUSIVE on ${writeName(held.table)} taken on line ${statement.line} is held: its reads and writes wait for both.`,
        help: 'Move it to a migration of its own, so that the lock ends with the statement that needs it.',
      };
      return;
    }
  },
};

function takesTime({ node, work, alterations }: StatementContext): boolean {
  if (work === 'brief' || work === 'rows') return false;
  // Have rules of their own.
  if (mustRunAlone(node)) return false;
  if (alterations.some(({ command }) => command.subtype === 'AT_ValidateConstraint')) return false;
  return !('SelectStmt' in node && isTrivial(node));
}

const trivialFunctions = new Set(['set_config', 'setval', 'nextval', 'currval', 'now', 'version']);

/** Sets something and reads no table. */
function isTrivial(node: object): boolean {
  let trivial = true;
  walk(node, (kind, fields) => {
    if (kind === 'RangeVar') trivial = false;
    if (kind === 'FuncCall' && !trivialFunctions.has(textsOf(fields.funcname as never).at(-1) ?? ''))
      trivial = false;
  });
  return trivial;
}
