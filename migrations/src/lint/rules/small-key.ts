import type { ColumnDef } from 'libpg-query';
import { constraintsOf } from '../../locks/index.js';
import { nameOf, textsOf, writeIdentifier, writeName, writeType } from '../../sql/index.js';
import type { Rule } from '../rule.js';

const small = new Set(['int2', 'int4', 'serial', 'serial2', 'serial4', 'smallserial']);

export const smallKey: Rule = {
  id: 'small-key',
  title: 'A key that runs out of numbers',
  level: 'advice',
  *check({ node }) {
    if (!('CreateStmt' in node)) return;
    const { relation, tableElts = [] } = node.CreateStmt;
    const keys = tableElts.flatMap((it) =>
      'Constraint' in it && it.Constraint.contype === 'CONSTR_PRIMARY' ? textsOf(it.Constraint.keys) : [],
    );
    const columns = tableElts.flatMap((it) => ('ColumnDef' in it ? [it.ColumnDef] : []));
    for (const column of columns) {
      const isKey = keys.length === 1 && keys[0] === column.colname;
      if (!small.has(writeType(column.typeName)) || !(isKey || isPrimary(column))) continue;
      yield {
        message: `${writeIdentifier(column.colname ?? '')} of ${writeName(nameOf(relation))} ends at ${/2$|small/.test(writeType(column.typeName)) ? '32,767' : '2,147,483,647'}, and making it larger then rewrites the table and every table that points to it.`,
        help: 'Use bigint from the start; in schema.prisma BigInt.',
      };
    }
  },
};

const isPrimary = (column: ColumnDef) => constraintsOf(column).some((it) => it.contype === 'CONSTR_PRIMARY');
