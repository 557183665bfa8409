import type { DefElem, Node } from 'libpg-query';
import { nameOf, textsOf, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';

export const disableAutovacuum: Rule = {
  id: 'disable-autovacuum',
  title: 'A table without autovacuum',
  level: 'error',
  *check(context) {
    for (const { table, options } of optionsSet(context)) {
      const isOff = options.some((it) => 'DefElem' in it && isOffSwitch(it.DefElem));
      if (!isOff) continue;
      yield {
        message: `Without autovacuum ${writeName(table)} grows with every update, its plans go stale, and in the end PostgreSQL forces a vacuum that cannot be stopped.`,
        help: 'Leave it on; tune autovacuum_vacuum_scale_factor for a table with many writes.',
      };
    }
  },
};

function optionsSet({
  node,
  alterations,
}: StatementContext): { table: ReturnType<typeof nameOf>; options: Node[] }[] {
  if ('CreateStmt' in node)
    return [{ table: nameOf(node.CreateStmt.relation), options: node.CreateStmt.options ?? [] }];
  return alterations.flatMap(({ table, command: { subtype, def } }) =>
    subtype === 'AT_SetRelOptions' && def && 'List' in def ? [{ table, options: def.List.items ?? [] }] : [],
  );
}

/** PostgreSQL reads a word, a name or a number here. */
function isOffSwitch({ defname, arg }: DefElem): boolean {
  if (defname !== 'autovacuum_enabled' || !arg) return false;
  if ('Integer' in arg) return !arg.Integer.ival;
  const [word = ''] = 'TypeName' in arg ? textsOf(arg.TypeName.names) : textsOf([arg]);
  return ['false', 'off', 'no'].includes(word.toLowerCase());
}
