import { hasDefault } from '../../locks/index.js';
import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import { addedColumns, addedConstraints } from '../constraints.js';
import type { Rule, StatementContext } from '../rule.js';
import { alterTable, constraintName, instead, nextMigration } from '../words.js';

export const foreignKey: Rule = {
  id: 'foreign-key',
  title: 'A foreign key that checks every row while writes to two tables wait',
  level: 'error',
  *check(context) {
    for (const { table, definition, column } of addedConstraints(context, 'CONSTR_FOREIGN')) {
      // A new column that is NULL everywhere points nowhere, and PostgreSQL knows it.
      if (definition.skip_validation || (column && !isFilled(context, column))) continue;
      const columns = column ? [{ String: { sval: column } }] : (definition.fk_attrs ?? []);
      const names = columns.flatMap((it) => ('String' in it ? [it.String.sval ?? ''] : []));
      const conname = definition.conname ?? constraintName(table, ...names, 'fkey');
      const parent = nameOf(definition.pktable);
      const later = {
        ...definition,
        conname,
        fk_attrs: columns,
        skip_validation: true,
        initially_valid: false,
      };
      yield {
        message: `Adding a foreign key takes SHARE ROW EXCLUSIVE on ${writeName(table)} and ${writeName(parent)}: writes to both wait until every row is checked.`,
        help: instead(
          'Add it without checking, and check in a later migration, while everyone reads and writes:',
          alterTable(table, { subtype: 'AT_AddConstraint', def: { Constraint: later } }),
          nextMigration,
          `ALTER TABLE ${writeName(table)} VALIDATE CONSTRAINT ${writeIdentifier(conname)};`,
        ),
      };
    }
  },
};

const isFilled = (context: StatementContext, name: string) =>
  addedColumns(context).some((added) => added.name === name && hasDefault(added.column));
