import type { RenameStmt } from 'libpg-query';
import { nameOf, readStatements } from '../sql/index.js';
import { inOrder, isEntangled, type Step } from './order.js';
import { quote, quoted } from './rename.js';

/**
 * Prisma renames keys, indexes and constraints after what they are named for, one after the other. Where two exchange
 * names, each would need one that is still taken.
 */
export async function disentangle(sql: string): Promise<string> {
  const statements = (await readStatements(sql)) ?? [];
  const steps = statements.map(({ node }) => ('RenameStmt' in node ? stepOf(node.RenameStmt) : undefined));
  const renames = steps.filter((step) => step !== undefined);
  if (!isEntangled(renames)) return sql;
  const first = steps.findIndex((step) => step !== undefined);
  const ordered = inOrder(renames);
  const inPlace = statements.flatMap(({ text }, at) => {
    if (at === first) return ordered;
    return steps[at] ? [] : [`${text};`];
  });
  return inPlace.join('\n\n');
}

/** An index and the constraint that it keeps share a name, so both kinds are taken for one. */
function stepOf({ renameType, relation, subname = '', newname = '' }: RenameStmt): Step | undefined {
  const { schema = '', name } = nameOf(relation);
  if (renameType === 'OBJECT_INDEX')
    return {
      space: schema,
      from: name,
      to: newname,
      statement: (from, to) => `ALTER INDEX ${quoted({ schema, name: from })} RENAME TO ${quote(to)};`,
    };
  if (renameType === 'OBJECT_TABCONSTRAINT')
    return {
      space: schema,
      from: subname,
      to: newname,
      statement: (from, to) =>
        `ALTER TABLE ${quoted({ schema, name })} RENAME CONSTRAINT ${quote(from)} TO ${quote(to)};`,
    };
  return undefined;
}
