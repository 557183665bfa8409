import type { AlterTableCmd } from 'libpg-query';
import { UserError } from '../errors/index.js';
import { literal } from '../history/index.js';
import { quote, type Rename } from '../renames/index.js';
import { serials } from '../rewrite/index.js';
import { nameOfParts, type Statement, textsOf, writeType } from '../sql/index.js';
import { limitOf } from './limits.js';
import { bareName, countRows, inWords, type Place, type Query, typeOf } from './rows.js';

/** A column that gets another type. */
export interface Conversion {
  place: Place;
  to: string;
  /** The values of an enum, under the names that the rows still have. */
  labels?: string[] | undefined;
}

/** The conversion of a column, unless it is to a type that nothing is known of. */
export function conversionBy(
  table: string,
  { subtype, name, def }: AlterTableCmd,
  enums: Map<string, string[]>,
): Conversion[] {
  if (subtype !== 'AT_AlterColumnType' || !def || !('ColumnDef' in def)) return [];
  const type = writeType(def.ColumnDef.typeName);
  const to = serials[type] ?? type;
  const labels = enums.get(nameOfParts(def.ColumnDef.typeName?.names).name);
  return labels || !to.includes('.') ? [{ place: { table, column: name }, to, labels }] : [];
}

/** The values of the enums that a change makes, by name. */
export function enumsMade(statements: Statement[], renames: Rename[]): Map<string, string[]> {
  return new Map(
    statements.flatMap(({ node }) => {
      if (!('CreateEnumStmt' in node)) return [];
      const { name } = nameOfParts(node.CreateEnumStmt.typeName);
      return [[name, textsOf(node.CreateEnumStmt.vals).map((label) => oldLabel(name, label, renames))]];
    }),
  );
}

// Prisma makes the new enum beside the old one, under this name.
function oldLabel(made: string, label: string, renames: Rename[]): string {
  const rename = renames.find(
    (each) => each.kind === 'value' && `${each.of.name}_new` === made && each.to === label,
  );
  return rename?.kind === 'value' ? rename.from : label;
}

/** Refuses values that PostgreSQL would refuse; answers in words what the others lose. */
export async function lossBy(query: Query, { place, to, labels }: Conversion): Promise<string | undefined> {
  const from = await typeOf(query, place);
  if (from === undefined) return undefined;
  const value = quote(place.column ?? '');
  const limit = labels ? isNoneOf(value, labels, from) : limitOf(value, to);
  const tooMany = limit ? await tryCount(query, place, limit) : 0;
  if (limit && tooMany) throw doesNotFit(place, labels ? labels.join(', ') : to, tooMany, limit);
  if (labels) return undefined;
  const changed = await tryCount(query, place, `${value}::${to}::${from} IS DISTINCT FROM ${value}`);
  if (changed === 0) return undefined;
  if (changed !== undefined)
    return `part of the value of ${bareName(place)} in ${inWords(changed)}, which ${to} does not hold as ${from} does`;
  const present = await countRows(query, place, `${value} IS NOT NULL`);
  return present === 0
    ? undefined
    : `perhaps part of the value of ${bareName(place)} in ${inWords(present)}: whether ${to} holds it as ${from} does cannot be counted`;
}

const isNoneOf = (value: string, labels: string[], from: string): string => {
  const known = `ARRAY[${labels.map(literal).join(', ')}]::text[]`;
  return from.endsWith('[]')
    ? `NOT array_remove(${value}::text[], NULL) <@ ${known}`
    : `${value}::text <> ALL (${known})`;
};

/** Undefined where PostgreSQL has no way to compare, such as a cast that it does not know. */
async function tryCount(query: Query, place: Place, condition: string): Promise<number | undefined> {
  try {
    return await countRows(query, place, condition);
  } catch {
    return undefined;
  }
}

const doesNotFit = (place: Place, to: string, count: number, condition: string) =>
  new UserError(
    'VALUES_DO_NOT_FIT',
    `${bareName(place)} is to hold only ${to}, and its value in ${inWords(count)} does not fit. Nothing was written.`,
    {
      hint: `Change these rows first, and those in the other databases by a data migration (yarn db data new NAME). They are found by:\n  SELECT * FROM ${place.table} WHERE ${condition};`,
    },
  );
