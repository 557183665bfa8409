import type { Engine } from '../engine/index.js';
import { AnswerNeeded } from '../errors/index.js';
import { type Name, type Rename, sameName } from '../renames/index.js';
import { readWords, type Words } from '../sql/words.js';
import { type Dropped, readDropped } from './losses.js';
import type { Change } from './plan.js';

/** What is no more under its name. */
interface Gone {
  /** The table (or enum), as it was and as it is called. */
  was: Name;
  now: Name;
  column?: string | undefined;
  /** What it is called from then on; dropped where it is not. */
  to?: string | undefined;
}

/** A function whose body is a text to PostgreSQL. */
interface TextFunction {
  schema: string;
  /** With its schema and its arguments. */
  signature: string;
  body: string;
  /** The tables whose rows it is given by a trigger, takes or answers. */
  rowsOf: Name[];
}

export interface FunctionOptions {
  /** Functions that name what is renamed or dropped stay as they are. */
  keepFunctions?: boolean;
  /** Nothing is applied yet, so the author can still add to what is written. */
  createOnly?: boolean;
  onPlanned?: (text: string) => void;
}

/** Refuses to break a function without a word. */
export async function assertFunctionsFollow(
  engine: Engine,
  change: Pick<Change, 'renames' | 'sql'>,
  { keepFunctions, createOnly, onPlanned }: FunctionOptions = {},
): Promise<void> {
  const mentions = keepFunctions ? [] : await findMentions(engine, change);
  if (mentions.length === 0) return;
  const why = `${mentions.join('\n')}\nPostgreSQL does not change the body of a function with it, which then fails when it is called.`;
  if (!createOnly)
    throw new AnswerNeeded('NAMED_IN_FUNCTION', `${why} Nothing was written.`, {
      hint: `Write the migration with --create-only, ${next} If the function means something else by that name: --keep-functions.`,
    });
  onPlanned?.(`${why}\nNow ${next}\n`);
}

const next =
  'put CREATE OR REPLACE FUNCTION … with the new body into it, beside the statement concerned, and apply it by yarn db deploy.';

/** The functions that name what is renamed or dropped, each in words. */
export async function findMentions(
  engine: Engine,
  { renames, sql }: Pick<Change, 'renames' | 'sql'>,
): Promise<string[]> {
  const dropped = await readDropped(sql);
  const gone = [...renames.flatMap((each) => renamed(each, renames)), ...dropped.map(isDropped(renames))];
  if (gone.length === 0) return [];
  const mentions: string[] = [];
  for (const each of await readFunctions(engine)) {
    const words = await readWords(each.body);
    const named = gone.filter((one) => names(each, words, one)).map(describe);
    if (named.length > 0) mentions.push(`The function ${each.signature} names ${named.join(', and ')}.`);
  }
  return mentions;
}

function renamed(rename: Rename, renames: Rename[]): Gone[] {
  if (rename.kind === 'value') return [];
  if (!('of' in rename)) return [{ was: rename.from, now: rename.to, to: rename.to.name }];
  return [{ was: wasCalled(rename.of, renames), now: rename.of, column: rename.from, to: rename.to }];
}

const isDropped =
  (renames: Rename[]) =>
  ({ of, column }: Dropped): Gone => {
    const part = renames.find(
      (each) => each.kind === 'column' && sameName(each.of, of) && each.to === column,
    );
    return { was: wasCalled(of, renames), now: of, column: part?.kind === 'column' ? part.from : column };
  };

function wasCalled(name: Name, renames: Rename[]): Name {
  const rename = renames.find((each) => !('of' in each) && sameName(each.to, name));
  return rename && !('of' in rename) ? rename.from : name;
}

/** A column's name alone says little; it counts where its table is at hand. */
function names({ schema, rowsOf }: TextFunction, words: Words, { was, now, column }: Gone): boolean {
  const isTableNamed = words.names.has(was.name) && (schema === was.schema || words.names.has(was.schema));
  if (column === undefined) return isTableNamed;
  // As a string in `to_jsonb(NEW) ->> 'title'`.
  if (!words.names.has(column) && !words.strings.has(column)) return false;
  return isTableNamed || rowsOf.some((each) => sameName(each, was) || sameName(each, now));
}

const describe = ({ was: { schema, name }, column, to }: Gone): string => {
  const what = [schema, name, ...(column === undefined ? [] : [column])].join('.');
  return `${what}, which ${to === undefined ? 'is dropped' : `becomes ${to}`}`;
};

/** Where SQL is kept as a text; what PostgreSQL has parsed (BEGIN ATOMIC) follows a rename by itself. */
async function readFunctions(engine: Engine): Promise<TextFunction[]> {
  const rows = await engine.askReplayed(
    `SELECT json_build_object(
       'schema', nspname,
       'signature', format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(f.oid)),
       'body', prosrc,
       'rowsOf', (
         SELECT coalesce(json_agg(json_build_object('schema', relnamespace::regnamespace::text, 'name', relname)), '[]')
           FROM pg_class
          WHERE pg_class.oid IN (SELECT tgrelid FROM pg_trigger WHERE tgfoid = f.oid)
             OR reltype <> 0 AND (reltype = prorettype OR reltype = ANY (proargtypes))))
       FROM pg_proc f
       JOIN pg_namespace ON pg_namespace.oid = pronamespace
       JOIN pg_language ON pg_language.oid = prolang
      WHERE lanname IN ('sql', 'plpgsql') AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND deptype = 'e')
      ORDER BY 1::text`,
  );
  return rows.map(([text]) => JSON.parse(text ?? '') as TextFunction);
}
