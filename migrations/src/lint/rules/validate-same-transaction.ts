import { writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Examined, Rule } from '../rule.js';
import { instead } from '../words.js';

export const validateSameTransaction: Rule = {
  id: 'validate-same-transaction',
  title: 'NOT VALID and VALIDATE in one transaction',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, 'AT_ValidateConstraint')) {
      const name = command.name ?? '';
      const added = context.earlier.find((each) => addsConstraint(each, name));
      if (!added) continue;
      yield {
        message: `VALIDATE CONSTRAINT ${writeIdentifier(name)} runs in the transaction that added it (line ${added.statement.line}), so the lock taken there on ${writeName(table)} is held while every row is checked: NOT VALID gains nothing.`,
        help: instead(
          'Move it to a migration of its own, where it stops neither reads nor writes:',
          `ALTER TABLE ${writeName(table)} VALIDATE CONSTRAINT ${writeIdentifier(name)};`,
        ),
      };
    }
  },
};

function addsConstraint({ statement: { node } }: Examined, name: string): boolean {
  if (!('AlterTableStmt' in node)) return false;
  return (node.AlterTableStmt.cmds ?? []).some((command) => {
    const def = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
    return def !== undefined && 'Constraint' in def && def.Constraint.conname === name;
  });
}
