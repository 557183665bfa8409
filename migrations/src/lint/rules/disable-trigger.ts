import type { Node } from 'libpg-query';
import { writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';

export const disableTrigger: Rule = {
  id: 'disable-trigger',
  title: 'Triggers that are switched off',
  level: 'error',
  *check(context) {
    if (isReplica(context.node)) {
      yield {
        message:
          'As a replica the session fires no triggers: rows of every table change without what they ensure: audit, foreign keys, derived columns.',
        help: passing,
      };
    }
    for (const { table, command } of onExisting(
      context,
      'AT_DisableTrig',
      'AT_DisableTrigAll',
      'AT_DisableTrigUser',
    )) {
      const what = command.subtype === 'AT_DisableTrig' ? `the trigger ${command.name}` : 'its triggers';
      yield {
        message: `While ${what} on ${writeName(table)} are off, rows change without what they ensure: audit, foreign keys, derived columns. It takes SHARE ROW EXCLUSIVE: writes wait until the migration commits.`,
        help: passing,
      };
    }
  },
};

const passing =
  'Make the trigger let the migration pass (a setting it looks at) instead of switching it off for everyone.';

function isReplica(node: Node): boolean {
  if (!('VariableSetStmt' in node)) return false;
  const { name, args: [value] = [] } = node.VariableSetStmt;
  const text = value && 'A_Const' in value ? value.A_Const.sval?.sval : undefined;
  return name?.toLowerCase() === 'session_replication_role' && text?.toLowerCase() === 'replica';
}
