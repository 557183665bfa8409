import type { Comparison, Decide, Found } from './comparison.js';
import { findExchanges, findJoins } from './joins.js';
import { findColumns, findValues } from './members.js';
import { findMirrored } from './mirrors.js';
import type { Rename } from './rename.js';
import { findEnums, findTables } from './wholes.js';

/** Tables and enums first, then what is in them: columns are compared once it is settled which table became which. */
export async function settleRenames(comparison: Comparison, decide: Decide): Promise<Rename[]> {
  const settle = async ({ certain, possible }: Found) => [
    ...certain,
    ...(possible.length > 0 ? await decide(possible) : []),
  ];
  const enums = await settle(findEnums(comparison));
  const tables = await settle(findTables(comparison));
  const joins = await settle(findJoins(comparison, tables));
  const wholes = [...enums, ...tables, ...joins];
  const values = await settle(findValues(comparison, wholes));
  const columns = await settle(findColumns(comparison, wholes));
  const exchanged = [...findExchanges(comparison, wholes), ...findMirrored(comparison, wholes)];
  return [...wholes, ...values, ...columns, ...exchanged];
}
