import { nameOfParts, walk, writeName } from '../../sql/index.js';
import type { Examined, Rule } from '../rule.js';

export const enumAddAndUse: Rule = {
  id: 'enum-add-and-use',
  title: 'A new enum value that is used in the transaction that adds it',
  level: 'error',
  *check({ node, earlier }) {
    if (!earlier.some(({ statement }) => 'AlterEnumStmt' in statement.node)) return;
    const used = new Set<string>();
    walk(node, (kind, { sval }) => {
      if (kind === 'A_Const' && sval) used.add((sval as { sval?: string }).sval ?? '');
    });
    for (const { statement } of earlier) {
      if (!('AlterEnumStmt' in statement.node) || statement.node.AlterEnumStmt.oldVal) continue;
      const { typeName, newVal = '' } = statement.node.AlterEnumStmt;
      const type = nameOfParts(typeName);
      if (!used.has(newVal) || earlier.some((each) => creates(each, type.name))) continue;
      yield {
        message: `'${newVal}' of ${writeName(type)} is added in this transaction (line ${statement.line}), and PostgreSQL refuses to use it before that commits (error 55P04).`,
        help: 'Move what uses the new value to the next migration.',
      };
    }
  },
};

/** The values of a type of the same transaction may be used. */
const creates = ({ statement: { node } }: Examined, type: string) =>
  'CreateEnumStmt' in node && nameOfParts(node.CreateEnumStmt.typeName).name === type;
