import type { Node } from 'libpg-query';
import { AnswerNeeded, UserError } from '../errors/index.js';
import type { Rename } from '../renames/index.js';
import type { ColumnToFill, Fill } from '../rewrite/index.js';
import { readStatements } from '../sql/index.js';
import { checkName, timestamps } from './name.js';
import { inWords } from './rows.js';

/** Asks a person. Absent where nobody can be asked: then every answer has to come by a flag. */
export interface Asker {
  name(): Promise<string>;
  rename(gone: string, candidates: Rename[]): Promise<Rename | undefined>;
  /** What the rows that exist get; an empty value when there are none. */
  fill(why: string): Promise<FillAnswer>;
  loseData(losses: string[]): Promise<boolean>;
}

/** SQL for a value, or that a data migration is to compute it. */
export type FillAnswer = { sql: string } | 'data-migration';

export async function askName(given: string | undefined, asker: Asker | undefined): Promise<string> {
  if (given !== undefined) return checkName(given);
  if (asker) return checkName(await asker.name());
  throw new AnswerNeeded('NAME_NEEDED', 'The migration needs a name, and nobody can be asked for one here.', {
    hint: 'Add one that says what changes: --name add_phone_number_to_users',
  });
}

/** A column, and how many rows are known to lack a value in it. */
export type Unfilled = ColumnToFill & { rows: number };

/** What existing rows get, by `"schema"."table".column`. */
export async function askFills(
  columns: Unfilled[],
  given: Map<string, FillAnswer>,
  asker: Asker | undefined,
): Promise<Map<string, Fill>> {
  const unknown = [...given.keys()].filter((key) => !columns.map(fillKey).includes(key));
  if (unknown.length > 0) throw nothingToFill(unknown, columns);
  const fills = new Map<string, Fill>();
  for (const column of columns) {
    const key = fillKey(column);
    const answer =
      given.get(key) ?? (column.isNew || column.rows > 0 ? await askFill(column, asker) : { sql: '' });
    const at = `${column.table}.${column.column}`;
    if (answer === 'data-migration') fills.set(at, { dataMigration: backfillName(key) });
    else if (answer.sql) fills.set(at, { sql: await checkExpression(key, answer.sql) });
    else if (column.rows > 0) throw fillNeeded(column);
  }
  return fills;
}

/** With the time, so that no other of the same table and column is taken for it. */
const backfillName = (key: string): string =>
  `${timestamps(1, [])[0]}_backfill_${key.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;

const nothingToFill = (keys: string[], columns: ColumnToFill[]) =>
  new UserError('NOTHING_TO_FILL', `There is nothing to fill in at ${keys.join(', ')}.`, {
    hint:
      columns.length > 0
        ? `What becomes required: ${columns.map(fillKey).join(', ')}.`
        : 'No column becomes required. Write it as TABLE.COLUMN, with the names in the database.',
  });

async function askFill(column: Unfilled, asker: Asker | undefined): Promise<FillAnswer> {
  if (asker) return asker.fill(whyToFill(column));
  throw fillNeeded(column);
}

const whyToFill = (column: Unfilled): string =>
  column.rows > 0
    ? `${fillKey(column)} becomes required and is empty in ${inWords(column.rows)}.`
    : `${fillKey(column)} is required and has no default.`;

function fillNeeded(column: Unfilled) {
  const key = fillKey(column);
  const ways = [
    `  --fill "${key}=SQL"    with SQL such as 'unknown', or another column`,
    `  --backfill ${key}      a data migration, for you to fill in`,
    ...(column.rows > 0 ? [] : [`  --fill "${key}="       if the table has no rows anywhere`]),
  ];
  return new AnswerNeeded('FILL_NEEDED', `${whyToFill(column)} The rows that exist need a value for it.`, {
    hint: `Add one of:\n${ways.join('\n')}`,
  });
}

/** `posts.author_id`, as in `--fill posts.author_id=created_by`. */
export function fillKey({ table, column }: Pick<ColumnToFill, 'table' | 'column'>): string {
  return `${table.slice(table.indexOf('.') + 2, -1)}.${column}`;
}

async function checkExpression(key: string, value: string): Promise<string> {
  const [only, ...others] = (await readStatements(`SELECT (${value})`)) ?? [];
  if (only && others.length === 0 && isOneValue(only.node)) return value;
  throw new UserError('BAD_EXPRESSION', `The value for ${key} is not an SQL expression: ${value}`, {
    hint: `A text is written in single quotes: --fill "${key}='unknown'"`,
  });
}

/** A `SELECT` of one value, which nothing in that has closed early. */
const isOneValue = (node: Node): boolean =>
  'SelectStmt' in node &&
  node.SelectStmt.targetList?.length === 1 &&
  Object.keys(node.SelectStmt).every((key) => ['targetList', 'limitOption', 'op'].includes(key));

export async function confirmLosses(
  losses: string[],
  accepted: boolean,
  asker: Asker | undefined,
): Promise<void> {
  if (losses.length === 0 || accepted) return;
  if (asker && (await asker.loseData(losses))) return;
  const list = losses.map((loss) => `  ${loss}`).join('\n');
  const message = `This would throw data away:\n${list}\nNothing was written.`;
  const hint = 'If that is meant: --accept-data-loss. If something was renamed: --rename OLD=NEW.';
  throw asker
    ? new UserError('DATA_LOSS', message, { hint })
    : new AnswerNeeded('DATA_LOSS', message, { hint });
}
