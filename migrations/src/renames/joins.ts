import type { Comparison, Found } from './comparison.js';
import { inOrder } from './order.js';
import { nowCalled, type PartRename, quote, quoted, type Rename, type WholeRename } from './rename.js';
import { type Name, type Shape, sameName, type Table } from './shape.js';

/**
 * The table that Prisma keeps for a relation of many to many: `_PostToTag`, whose A refers to the model that comes first
 * in the alphabet and whose B to the other. So it has another name when a model is renamed, and A and B may change places.
 */
export const isJoin = ({ name, columns, references }: Table): boolean =>
  name.startsWith('_') && [...columns.keys()].join() === 'A,B' && references.size === 2;

/** The table of the same two models, where they have only one. */
export function findJoins({ before, after }: Comparison, settled: Rename[]): Found {
  const isIn = ({ tables }: Shape, join: Table) => tables.some((each) => sameName(each, join));
  const gone = before.tables.filter((each) => isJoin(each) && !isIn(after, each));
  const fresh = after.tables.filter((each) => isJoin(each) && !isIn(before, each));
  const pairs = gone.flatMap((from) =>
    fresh
      .filter((to) => joined(from, settled) === joined(to, []))
      .map((to): WholeRename => ({ kind: 'table', from: nameOf(from), to: nameOf(to) })),
  );
  const isOnly = (pair: WholeRename) =>
    pairs.every(
      (other) => other === pair || !(sameName(other.from, pair.from) || sameName(other.to, pair.to)),
    );
  return {
    certain: pairs.filter(isOnly),
    possible: pairs.filter((pair) => !isOnly(pair)).map((rename) => ({ rename, alike: true })),
  };
}

/** A and B where they have changed places between two models. */
export function findExchanges({ before, after }: Comparison, settled: Rename[]): PartRename[] {
  return before.tables.filter(isJoin).flatMap((old): PartRename[] => {
    const of = nowCalled(settled, nameOf(old));
    const now = after.tables.find((each) => isJoin(each) && sameName(each, of));
    const target = (table: Table, column: string) => table.references.get(column)?.table ?? of;
    const isExchanged =
      now &&
      !sameName(target(now, 'A'), target(now, 'B')) &&
      sameName(nowCalled(settled, target(old, 'A')), target(now, 'B')) &&
      sameName(nowCalled(settled, target(old, 'B')), target(now, 'A'));
    return isExchanged ? exchange(of) : [];
  });
}

export const exchange = (of: Name): PartRename[] => [
  { kind: 'column', of, from: 'A', to: 'B' },
  { kind: 'column', of, from: 'B', to: 'A' },
];

/**
 * Foreign keys and primary key are named after the table, and the former after A and B as well. Prisma leaves those as
 * they are, and cannot rename the other where it also makes it anew.
 */
export function joinStatements(renames: Rename[], { tables }: Shape): string[] {
  return tables.filter(isJoin).flatMap((table) => {
    const of = nowCalled(renames, nameOf(table));
    const isExchanged = renames.some(
      (each) => 'of' in each && sameName(each.of, of) && each.from === 'A' && each.to === 'B',
    );
    const foreign = (name: string, column: string) => `${name}_${column}_fkey`;
    const keys = ['A', 'B'].map((column) => ({
      from: foreign(table.name, column),
      to: foreign(of.name, isExchanged ? other(column) : column),
    }));
    const primary = (name: string) => `${name}_AB_pkey`;
    return [
      ...inOrder(
        keys
          .filter(({ from, to }) => from !== to && hasConstraint(table, from))
          .map((key) => ({ ...key, space: of.name, statement: constraintStatement(of) })),
      ),
      ...(table.name === of.name
        ? []
        : [
            `ALTER INDEX IF EXISTS ${quoted({ schema: of.schema, name: primary(table.name) })} RENAME TO ${quote(primary(of.name))};`,
          ]),
    ];
  });
}

const constraintStatement = (of: Name) => (from: string, to: string) =>
  `ALTER TABLE ${quoted(of)} RENAME CONSTRAINT ${quote(from)} TO ${quote(to)};`;

const other = (column: string) => (column === 'A' ? 'B' : 'A');

const hasConstraint = ({ references }: Table, name: string): boolean =>
  [...references.values()].some(({ constraint }) => constraint === name);

/** The two tables that a join table joins, as they are called now. */
const joined = ({ references }: Table, settled: Rename[]): string =>
  [...references.values()]
    .map(({ table }) => quoted(nowCalled(settled, table)))
    .sort()
    .join();

const nameOf = ({ schema, name }: Name): Name => ({ schema, name });
