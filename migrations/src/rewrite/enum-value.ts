import type { AlterEnumStmt } from 'libpg-query';
import type { Catalog } from '../locks/index.js';
import { nameOfParts } from '../sql/index.js';
import type { Piece } from './piece.js';
import { print } from './sql.js';

/** What is known of enums: their values as the database has them so far, and as the schema declares them. */
export interface EnumOrder {
  before: Catalog;
  values: Map<string, string[]>;
  declared: Map<string, string[]>;
}

/** A new value at its declared place, which Prisma does not write; it can be used only after it is committed. */
export function addValue(statement: AlterEnumStmt, order: EnumOrder): Piece {
  const { newVal = '' } = statement;
  const key = order.before.key(nameOfParts(statement.typeName));
  const values = order.values.get(key) ?? [];
  const declared = order.declared.get(key) ?? [];
  const next = declared.slice(declared.indexOf(newVal) + 1).find((each) => values.includes(each));
  const at = next === undefined ? values.length : values.indexOf(next);
  order.values.set(key, values.toSpliced(at, 0, newVal));
  const placed =
    next === undefined ? statement : { ...statement, newValNeighbor: next, newValIsAfter: false };
  return {
    phase: 'main',
    locks: [],
    sql: print({ AlterEnumStmt: placed }),
    apart: 'values',
    label: `add_${newVal}`,
  };
}
