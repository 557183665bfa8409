import { quote } from '../renames/index.js';
import { type Statement, textsOf } from '../sql/index.js';
import { nameOf } from './sql.js';

/** The new sequences of a change, by the column that each belongs to. */
export function sequencesMade(statements: Statement[]): Map<string, string> {
  const made = statements.flatMap(({ node }) =>
    'CreateSeqStmt' in node ? [nameOf(node.CreateSeqStmt.sequence)] : [],
  );
  const owned = statements.flatMap(({ node }) => {
    if (!('AlterSeqStmt' in node)) return [];
    const { sequence, options = [] } = node.AlterSeqStmt;
    const name = nameOf(sequence);
    return options.flatMap((option) => {
      const arg = 'DefElem' in option && option.DefElem.defname === 'owned_by' && option.DefElem.arg;
      const path = arg && 'List' in arg ? textsOf(arg.List.items) : [];
      const column = [...path.slice(0, -1).map(quote), path.at(-1)].join('.');
      return made.includes(name) ? [[column, name] as const] : [];
    });
  });
  return new Map(owned);
}
