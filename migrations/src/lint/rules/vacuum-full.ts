import { nameOf } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';
import { takes } from '../words.js';

export const vacuumFull: Rule = {
  id: 'vacuum-full',
  title: 'VACUUM FULL or CLUSTER, which write the table anew',
  level: 'error',
  *check(context) {
    const found = describe(context);
    if (!found || (found.relation && context.catalog.isNew(nameOf(found.relation)))) return;
    const lock = found.relation
      ? takes('ACCESS EXCLUSIVE', nameOf(found.relation))
      : 'takes ACCESS EXCLUSIVE on one table after the other: reads and writes wait';
    yield {
      message: `${found.what} ${lock} while the whole table and its indexes are written anew.`,
      help: 'It does not belong in a migration. Plain VACUUM stops nobody; pg_repack gives space back while the table is in use.',
    };
  },
};

function describe({ node }: StatementContext) {
  if ('ClusterStmt' in node) return { what: 'CLUSTER', relation: node.ClusterStmt.relation };
  if (!('VacuumStmt' in node)) return undefined;
  const { options = [], rels: [first] = [] } = node.VacuumStmt;
  if (!options.some((it) => 'DefElem' in it && it.DefElem.defname === 'full')) return undefined;
  return {
    what: 'VACUUM FULL',
    relation: first && 'VacuumRelation' in first ? first.VacuumRelation.relation : undefined,
  };
}
