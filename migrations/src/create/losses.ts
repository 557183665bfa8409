import type { Node } from 'libpg-query';
import { quote, quoted } from '../renames/index.js';
import { readStatements, textsOf } from '../sql/index.js';
import type { Change } from './plan.js';

interface Dropped {
  /** Quoted, with its schema. */
  table: string;
  column?: string | undefined;
}

/** Asks the database; answers rows of values. */
type Query = (text: string, values?: unknown[]) => Promise<{ rows: unknown[][] }>;

/** What a change would throw away of the data that the database really holds, each in words. */
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
  return losses;
}

/** The tables and columns that a script drops, whether they hold data or not. */
export async function readDropped(sql: string): Promise<string[]> {
  const statements = (await readStatements(sql)) ?? [];
  return statements
    .flatMap(({ node }) => droppedBy(node))
    .map(({ table, column }) => (column === undefined ? table : `${table}.${quote(column)}`));
}

/** What is left to do names things as they will be called; their rows are still where they are called as before. */
function nowCalled({ table, column }: Dropped, renames: Change['renames']): Dropped {
  const whole = renames.find((each) => each.kind === 'table' && quoted(each.to) === table);
  const part = renames.find(
    (each) => each.kind === 'column' && quoted(each.of) === table && each.to === column,
  );
  return {
    table: whole?.kind === 'table' ? quoted(whole.from) : table,
    column: part?.kind === 'column' ? part.from : column,
  };
}

function droppedBy(node: Node): Dropped[] {
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
    return (node.DropStmt.objects ?? []).map((object) => ({ table: listed(object) }));
  }
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  const table = [relation?.schemaname, relation?.relname].map((part) => quote(part ?? '')).join('.');
  return cmds.flatMap((command) =>
    'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_DropColumn'
      ? [{ table, column: command.AlterTableCmd.name ?? '' }]
      : [],
  );
}

async function describeLoss(query: Query, { table, column }: Dropped): Promise<string | undefined> {
  const exists = await query('SELECT to_regclass($1)', [table]);
  if (exists.rows[0]?.[0] === null) return undefined;
  const condition = column === undefined ? 'true' : `${quote(column)} IS NOT NULL`;
  const { rows } = await query(
    `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${condition} LIMIT 1000) AS found`,
  );
  const count = Number(rows[0]?.[0]);
  if (count === 0) return undefined;
  const many = count === 1000 ? 'at least 1000 rows' : count === 1 ? '1 row' : `${count} rows`;
  const bare = table.replaceAll('"', '');
  return column === undefined
    ? `the table ${bare} with ${many}`
    : `${bare}.${column}, which holds a value in ${many}`;
}

const listed = (object: Node): string =>
  textsOf('List' in object ? object.List.items : [])
    .map(quote)
    .join('.');
