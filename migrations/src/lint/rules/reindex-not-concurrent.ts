import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

const words: Record<string, string> = {
  REINDEX_OBJECT_INDEX: 'INDEX',
  REINDEX_OBJECT_TABLE: 'TABLE',
  REINDEX_OBJECT_SCHEMA: 'SCHEMA',
  REINDEX_OBJECT_SYSTEM: 'SYSTEM',
  REINDEX_OBJECT_DATABASE: 'DATABASE',
};

export const reindexNotConcurrent: Rule = {
  id: 'reindex-not-concurrent',
  title: 'Indexes that are rebuilt while writes wait',
  level: 'error',
  *check({ node, catalog }) {
    if (!('ReindexStmt' in node)) return;
    const { kind = '', params = [], relation, name = '' } = node.ReindexStmt;
    if (params.some((it) => 'DefElem' in it && it.DefElem.defname === 'concurrently')) return;
    const target = relation ? nameOf(relation) : { schema: undefined, name };
    if (catalog.isNew(target) || catalog.tableOfIndex(target)?.isNew) return;
    const table = kind === 'REINDEX_OBJECT_INDEX' ? 'its table' : writeName(target);
    yield {
      message: `REINDEX takes SHARE on ${table} and ACCESS EXCLUSIVE on each index: writes wait until it is done, and so do reads that would use the index.`,
      help: instead(
        'Rebuild without stopping anyone, alone in a migration of its own:',
        `REINDEX ${words[kind] ?? 'TABLE'} CONCURRENTLY ${writeName(target)};`,
      ),
    };
  },
};
