import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const hashIndex: Rule = {
  id: 'hash-index',
  title: 'A hash index',
  level: 'advice',
  *check({ node }) {
    if (!('IndexStmt' in node) || node.IndexStmt.accessMethod !== 'hash') return;
    const table = writeName(nameOf(node.IndexStmt.relation));
    yield {
      message: `A hash index on ${table} finds equal values only: it cannot be unique, sort, or serve ranges and several columns, and is rarely faster than a btree.`,
      help: 'Leave out USING hash (in schema.prisma: type: Hash). For equality on very long texts, index a digest of them.',
    };
  },
};
