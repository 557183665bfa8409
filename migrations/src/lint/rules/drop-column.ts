import { writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';
import { isInUse } from './dropped-in-use.js';

export const dropColumn: Rule = {
  id: 'drop-column',
  title: 'A column that the running version may still read',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, 'AT_DropColumn')) {
      const column = command.name ?? '';
      if (isInUse(context, table, column)) continue;
      yield {
        message: `DROP COLUMN ${writeIdentifier(column)} loses the data of ${writeName(table)} for good, and queries of the running version that name it fail.`,
        help: instead(
          'Release a version that no longer knows the column first; drop it with the release after, and say so:',
          '-- lint: allow drop-column because REASON',
        ),
      };
    }
  },
};
