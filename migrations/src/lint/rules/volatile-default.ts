import { columnRewrite, constraintsOf } from '../../locks/index.js';
import { writeIdentifier, writeName, writeType } from '../../sql/index.js';
import { writeExpression } from '../../sql/write.js';
import { addedColumns } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const volatileDefault: Rule = {
  id: 'volatile-default',
  title: 'A new column whose default is computed for every row',
  level: 'error',
  *check(context) {
    for (const { table, column, name } of addedColumns(context)) {
      const rewrite = columnRewrite(column, context.catalog);
      if (rewrite?.because !== 'volatile' && rewrite?.because !== 'domain') continue;
      const why =
        rewrite.because === 'volatile'
          ? `the default calls ${rewrite.name}, which is volatile`
          : `the domain ${rewrite.name} has a constraint`;
      const value = constraintsOf(column).find((it) => it.contype === 'CONSTR_DEFAULT')?.raw_expr;
      const alter = `ALTER TABLE ${writeName(table)}`;
      const own = writeIdentifier(name);
      yield {
        message: `Adding ${own} ${takes('ACCESS EXCLUSIVE', table)} while the whole table is rewritten, because ${why}.`,
        help: instead(
          'Add it without the default, set the default for new rows, and fill the old ones in batches (`yarn db data new`):',
          `${alter} ADD COLUMN ${own} ${writeType(column.typeName)};`,
          ...(value ? [`${alter} ALTER COLUMN ${own} SET DEFAULT ${writeExpression(value)};`] : []),
        ),
      };
    }
  },
};
