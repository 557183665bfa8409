import { columnRewrite, constraintsOf, hasDefault } from '../../locks/index.js';
import { writeIdentifier, writeName, writeType } from '../../sql/index.js';
import { addedColumns } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const requiredColumn: Rule = {
  id: 'required-column',
  title: 'A required column without a default on a table that may have rows',
  level: 'error',
  *check(context) {
    for (const { table, column, name } of addedColumns(context)) {
      const isRequired = constraintsOf(column).some((it) => it.contype === 'CONSTR_NOTNULL');
      if (!isRequired || hasDefault(column) || columnRewrite(column, context.catalog)) continue;
      const alter = `ALTER TABLE ${writeName(table)}`;
      const own = writeIdentifier(name);
      yield {
        message: `Adding the required column ${own} without a default fails if ${writeName(table)} has a row (error 23502), and the running version cannot insert without it.`,
        help: instead(
          'Give it a constant default, or add it as nullable, fill it (`yarn db data new`) and tighten it then (see set-not-null):',
          `${alter} ADD COLUMN ${own} ${writeType(column.typeName)};`,
        ),
      };
    }
  },
};
