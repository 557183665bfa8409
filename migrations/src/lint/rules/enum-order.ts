import { nameOfParts, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, rewrite } from '../words.js';

export const enumOrder: Rule = {
  id: 'enum-order',
  title: 'A new enum value that comes last, but not in schema.prisma',
  level: 'error',
  squawk: ['require-enum-value-ordering'],
  *check({ node, squawk, catalog, service }) {
    if (squawk.length === 0 || !('AlterEnumStmt' in node)) return;
    const { typeName, newVal = '' } = node.AlterEnumStmt;
    const type = nameOfParts(typeName);
    const order = service?.declared?.enums.get(catalog.key(type)) ?? [];
    const place = order.indexOf(newVal);
    const known = catalog.enums.get(catalog.key(type)) ?? [];
    // squawk wants a place always; without one a value comes last, which is right for one that is declared last.
    const next = order.slice(place + 1).find((value) => known.includes(value));
    if (place < 0 || next === undefined) return;
    yield {
      message: `'${newVal}' is added behind all values of ${writeName(type)}, but stands before '${next}' in schema.prisma: comparisons and ORDER BY will not follow the declared order.`,
      help: instead('Say where it belongs:', rewrite(node, { newValNeighbor: next, newValIsAfter: false })),
    };
  },
};
