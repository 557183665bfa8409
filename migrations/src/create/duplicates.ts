import type { Node, RangeVar } from 'libpg-query';
import { UserError } from '../errors/index.js';
import { quote, quoted, type Rename } from '../renames/index.js';
import { addedKey } from '../rewrite/index.js';
import { nameOf, readStatements, textsOf } from '../sql/index.js';
import type { Change } from './plan.js';
import { bareName, nowCalled, type Query, typeOf } from './rows.js';

/** Columns whose values are to occur once each. */
interface Key {
  /** Quoted, with its schema. */
  table: string;
  columns: string[];
}

/** Refuses a key of which the database holds a value more than once: its index could not be built. */
export async function assertUnique(
  query: Query,
  { sql, renames }: Pick<Change, 'sql' | 'renames'>,
): Promise<void> {
  const statements = (await readStatements(sql)) ?? [];
  for (const key of statements.flatMap(({ node }) => keysIn(node))) {
    const known = asIs(key, renames);
    const duplicates = await countDuplicates(query, known);
    if (duplicates > 0) throw notUnique(known, duplicates);
  }
}

function keysIn(node: Node): Key[] {
  // Which rows a partial index concerns is said in the names of afterwards.
  if ('IndexStmt' in node && node.IndexStmt.unique && !node.IndexStmt.whereClause) {
    const { relation, indexParams = [] } = node.IndexStmt;
    const columns = indexParams.map((each) => ('IndexElem' in each ? (each.IndexElem.name ?? '') : ''));
    return [{ table: tableOf(relation), columns }];
  }
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  return cmds.flatMap((each) => {
    const key = 'AlterTableCmd' in each ? addedKey(each.AlterTableCmd) : undefined;
    return key ? [{ table: tableOf(relation), columns: textsOf(key.keys) }] : [];
  });
}

function asIs({ table, columns }: Key, renames: Rename[]): Key {
  return {
    table: nowCalled({ table }, renames).table,
    columns: columns.map((column) => nowCalled({ table, column }, renames).column ?? column),
  };
}

/** How many values are there more than once, as far as that matters; none where a column is yet to come. */
async function countDuplicates(query: Query, key: Key): Promise<number> {
  for (const column of key.columns)
    if ((await typeOf(query, { table: key.table, column })) === undefined) return 0;
  const { rows } = await query(`SELECT count(*) FROM (${findDuplicates(key)} LIMIT 1000) AS found`);
  return Number(rows[0]?.[0]);
}

/** What is empty is no duplicate of anything. */
function findDuplicates({ table, columns }: Key): string {
  const values = columns.map(quote);
  const present = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  const list = values.join(', ');
  return `SELECT ${list}, count(*) FROM ${table} WHERE ${present} GROUP BY ${list} HAVING count(*) > 1`;
}

const tableOf = (relation: RangeVar | undefined): string => {
  const { schema = '', name } = nameOf(relation);
  return quoted({ schema, name });
};

function notUnique(key: Key, count: number) {
  const values = count === 1 ? '1 value is' : `${count === 1000 ? 'at least 1000' : count} values are`;
  return new UserError(
    'NOT_UNIQUE',
    `${bareName(key)} (${key.columns.join(', ')}) is to be unique, and ${values} there more than once. Nothing was written.`,
    {
      hint: `Change or delete rows first, and those in the other databases by a data migration (yarn db data new NAME). The values are found by:\n  ${findDuplicates(key)};`,
    },
  );
}
