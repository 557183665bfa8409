import { nameOfObject, nameOfParts, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const renameEnum: Rule = {
  id: 'rename-enum',
  title: 'An enum or one of its values that the running version knows by its old name',
  level: 'advice',
  *check({ node, earlierInFile }) {
    const isNew = (name: string) =>
      earlierInFile.some(
        ({ statement }) =>
          'CreateEnumStmt' in statement.node &&
          nameOfParts(statement.node.CreateEnumStmt.typeName).name === name,
      );
    if ('AlterEnumStmt' in node && node.AlterEnumStmt.oldVal !== undefined) {
      const { typeName, oldVal = '', newVal = '' } = node.AlterEnumStmt;
      const type = nameOfParts(typeName);
      if (!isNew(type.name)) yield problem(`'${oldVal}' of ${writeName(type)}`, `'${newVal}'`);
    }
    if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TYPE') {
      const { object, newname = '' } = node.RenameStmt;
      const type = nameOfObject(object);
      if (!isNew(type.name)) yield problem(`the type ${writeName(type)}`, writeIdentifier(newname));
    }
  },
};

const problem = (from: string, to: string) => ({
  message: `The moment ${from} is called ${to}, every query of the running version that names it fails.`,
  help: instead(
    'Rename it in schema.prisma only and keep @map (or @@map) to the old name; or add the new value, move the rows, and stop using the old one. If no old version runs meanwhile, say so:',
    '-- lint: allow rename-enum because REASON',
  ),
});
