import type { AlterTableCmd, Node } from 'libpg-query';
import { quote, type Rename } from '../renames/index.js';
import { readStatements, type Statement, textsOf } from '../sql/index.js';
import { type Conversion, conversionBy, enumsMade, lossBy } from './conversions.js';
import type { Change } from './plan.js';
import { bareName, countRows, inWords, nowCalled, type Place, type Query } from './rows.js';

/** What a change would throw away of the data that the database really holds, each in words; refuses what cannot be. */
export async function findLosses(
  query: Query,
  { sql, renames }: Pick<Change, 'sql' | 'renames'>,
): Promise<string[]> {
  const statements = (await readStatements(sql)) ?? [];
  const losses: string[] = [];
  for (const dropped of statements.flatMap(({ node }) => droppedBy(node))) {
    const loss = await describeLoss(query, nowCalled(dropped, renames));
    if (loss) losses.push(loss);
  }
  for (const conversion of conversionsBy(statements, renames)) {
    const loss = await lossBy(query, { ...conversion, place: nowCalled(conversion.place, renames) });
    if (loss) losses.push(loss);
  }
  return losses;
}

/** The tables and columns that a script drops, whether they hold data or not. */
export async function readDropped(sql: string): Promise<string[]> {
  const statements = (await readStatements(sql)) ?? [];
  return statements
    .flatMap(({ node }) => droppedBy(node))
    .map(({ table, column }) => (column === undefined ? table : `${table}.${quote(column)}`));
}

function droppedBy(node: Node): Place[] {
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
    return (node.DropStmt.objects ?? []).map((object) => ({ table: listed(object) }));
  }
  return alterations(node).flatMap(({ table, command }) =>
    command.subtype === 'AT_DropColumn' ? [{ table, column: command.name ?? '' }] : [],
  );
}

function conversionsBy(statements: Statement[], renames: Rename[]): Conversion[] {
  const enums = enumsMade(statements, renames);
  return statements
    .flatMap(({ node }) => alterations(node))
    .flatMap(({ table, command }) => conversionBy(table, command, enums));
}

function alterations(node: Node): { table: string; command: AlterTableCmd }[] {
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  const table = [relation?.schemaname, relation?.relname].map((part) => quote(part ?? '')).join('.');
  return cmds.flatMap((each) => ('AlterTableCmd' in each ? [{ table, command: each.AlterTableCmd }] : []));
}

async function describeLoss(query: Query, place: Place): Promise<string | undefined> {
  const { column } = place;
  const count = await countRows(query, place, column === undefined ? 'true' : `${quote(column)} IS NOT NULL`);
  if (count === 0) return undefined;
  return column === undefined
    ? `the table ${bareName(place)} with ${inWords(count)}`
    : `${bareName(place)}, which holds a value in ${inWords(count)}`;
}

const listed = (object: Node): string =>
  textsOf('List' in object ? object.List.items : [])
    .map(quote)
    .join('.');
