import type { AlterTableCmd } from 'libpg-query';
import { quote } from '../renames/index.js';
import { type Statement, textsOf } from '../sql/index.js';
import type { Rewritten, Target } from './command.js';
import { nameOf } from './sql.js';

/** A default that counts goes on after the highest number there is: a new sequence would give out taken ones. */
export function setDefault(command: AlterTableCmd, { table, context }: Target): Rewritten {
  const { name = '', def } = command;
  const sequence = context.sequences.get(`${table}.${name}`);
  if (!def || !sequence) return { plain: [command] };
  const next = `greatest(max(${quote(name)}), 0) + 1`;
  const set = `SELECT setval('${sequence.replaceAll("'", "''")}', ${next}, false) FROM ${table};`;
  return { before: [set], plain: [command] };
}

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
