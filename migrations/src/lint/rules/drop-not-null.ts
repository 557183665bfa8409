import { writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';

export const dropNotNull: Rule = {
  id: 'drop-not-null',
  title: 'A column that may be NULL from now on',
  level: 'advice',
  squawk: ['ban-drop-not-null'],
  *check(context) {
    if (context.squawk.length === 0) return;
    for (const { table, command } of onExisting(context, 'AT_DropNotNull')) {
      yield {
        message: `${writeIdentifier(command.name ?? '')} of ${writeName(table)} may be NULL from now on, which the running version does not expect.`,
        help: 'Deploy the version that can read NULL first; write NULL only after it.',
      };
    }
  },
};
