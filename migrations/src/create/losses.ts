import type { AlterTableCmd, Node } from 'libpg-query';
import { type Name, quote, quoted, type Rename } from '../renames/index.js';
import { nameOf, nameOfObject, readStatements, type Statement, type Name as Written } from '../sql/index.js';
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
  for (const { of, column } of statements.flatMap(({ node }) => droppedBy(node))) {
    const loss = await describeLoss(query, nowCalled({ table: quoted(of), column }, renames));
    if (loss) losses.push(loss);
  }
  for (const conversion of conversionsBy(statements, renames)) {
    const loss = await lossBy(query, { ...conversion, place: nowCalled(conversion.place, renames) });
    if (loss) losses.push(loss);
  }
  return losses;
}

/** A table, or one of its columns, that goes. */
export interface Dropped {
  of: Name;
  column?: string;
}

/** The tables and columns that a script drops, whether they hold data or not. */
export async function readDropped(sql: string): Promise<Dropped[]> {
  const statements = (await readStatements(sql)) ?? [];
  return statements.flatMap(({ node }) => droppedBy(node));
}

function droppedBy(node: Node): Dropped[] {
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
    return (node.DropStmt.objects ?? []).map((object) => ({ of: withSchema(nameOfObject(object)) }));
  }
  return alterations(node).flatMap(({ of, command }) =>
    command.subtype === 'AT_DropColumn' ? [{ of, column: command.name ?? '' }] : [],
  );
}

function conversionsBy(statements: Statement[], renames: Rename[]): Conversion[] {
  const enums = enumsMade(statements, renames);
  return statements
    .flatMap(({ node }) => alterations(node))
    .flatMap(({ of, command }) => conversionBy(quoted(of), command, enums));
}

function alterations(node: Node): { of: Name; command: AlterTableCmd }[] {
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  const of = withSchema(nameOf(relation));
  return cmds.flatMap((each) => ('AlterTableCmd' in each ? [{ of, command: each.AlterTableCmd }] : []));
}

const withSchema = ({ schema = '', name }: Written): Name => ({ schema, name });

async function describeLoss(query: Query, place: Place): Promise<string | undefined> {
  const { column } = place;
  const count = await countRows(query, place, column === undefined ? 'true' : `${quote(column)} IS NOT NULL`);
  if (count === 0) return undefined;
  return column === undefined
    ? `the table ${bareName(place)} with ${inWords(count)}`
    : `${bareName(place)}, which holds a value in ${inWords(count)}`;
}
