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
  /** Of the enum. */
  value?: string;
  /** What it is called from then on; dropped where it is not. */
  to?: string | undefined;
}

/** A function whose body is a text to PostgreSQL. */
interface TextFunction {
  schema: string;
  /** With its schema and its arguments. */
  signature: string;
  body: string;
  /** The tables whose rows, and the enums whose values, it is given by a trigger, takes or answers. */
  given: Name[];
}

/** A column of an enum. */
interface Use {
  enum: Name;
  table: Name;
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
  const uses = gone.some(({ value }) => value !== undefined) ? await readUses(engine) : [];
  const mentions: string[] = [];
  for (const each of await readFunctions(engine)) {
    const words = await readWords(each.body);
    const named = gone.filter((one) => names(each, words, one, uses)).map(describe);
    if (named.length > 0) mentions.push(`The function ${each.signature} names ${named.join(', and ')}.`);
  }
  return mentions;
}

function renamed(rename: Rename, renames: Rename[]): Gone[] {
  if (!('of' in rename)) return [{ was: rename.from, now: rename.to, to: rename.to.name }];
  const part = rename.kind === 'value' ? { value: rename.from } : { column: rename.from };
  return [{ was: wasCalled(rename.of, renames), now: rename.of, ...part, to: rename.to }];
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

/** The name of a column or a value alone says little; it counts where its table or enum is at hand. */
function names(from: TextFunction, words: Words, { was, now, column, value }: Gone, uses: Use[]): boolean {
  const isNamed = ({ schema, name }: Name) =>
    words.names.has(name) && (from.schema === schema || words.names.has(schema));
  const isGiven = (name: Name) => from.given.some((each) => sameName(each, name));
  if (value !== undefined) {
    const tables = uses.filter((each) => sameName(each.enum, was)).map(({ table }) => table);
    return words.strings.has(value) && [was, ...tables].some((each) => isNamed(each) || isGiven(each));
  }
  if (column === undefined) return isNamed(was);
  // As a string in `to_jsonb(NEW) ->> 'title'`.
  if (!words.names.has(column) && !words.strings.has(column)) return false;
  return isNamed(was) || isGiven(was) || isGiven(now);
}

const describe = ({ was: { schema, name }, column, value, to }: Gone): string => {
  const what = [schema, name, column ?? value].filter((part) => part !== undefined).join('.');
  return `${what}, which ${to === undefined ? 'is dropped' : `becomes ${to}`}`;
};

/** Where SQL is kept as a text; what PostgreSQL has parsed (BEGIN ATOMIC) follows a rename by itself. */
async function readFunctions(engine: Engine): Promise<TextFunction[]> {
  const rows = await engine.askReplayed(
    `SELECT json_build_object(
       'schema', nspname,
       'signature', format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(f.oid)),
       'body', prosrc,
       'given', (
         SELECT coalesce(json_agg(json_build_object('schema', space.nspname, 'name', typname)), '[]')
           FROM pg_type
           JOIN pg_namespace space ON space.oid = typnamespace
          WHERE (typtype = 'e' OR typrelid <> 0)
            AND (typrelid IN (SELECT tgrelid FROM pg_trigger WHERE tgfoid = f.oid)
                 OR pg_type.oid = prorettype OR pg_type.oid = ANY (proargtypes))))
       FROM pg_proc f
       JOIN pg_namespace ON pg_namespace.oid = pronamespace
       JOIN pg_language ON pg_language.oid = prolang
      WHERE lanname IN ('sql', 'plpgsql') AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND deptype = 'e')
      ORDER BY 1::text`,
  );
  return rows.map(([text]) => JSON.parse(text ?? '') as TextFunction);
}

async function readUses(engine: Engine): Promise<Use[]> {
  const rows = await engine.askReplayed(
    `SELECT json_build_object(
       'enum', json_build_object('schema', of_enum.nspname, 'name', t.typname),
       'table', json_build_object('schema', of_table.nspname, 'name', relname))
       FROM pg_attribute
       JOIN pg_class ON pg_class.oid = attrelid
       JOIN pg_namespace of_table ON of_table.oid = relnamespace
       JOIN pg_type t ON atttypid IN (t.oid, t.typarray)
       JOIN pg_namespace of_enum ON of_enum.oid = t.typnamespace
      WHERE t.typtype = 'e' AND relkind IN ('r', 'p', 'v', 'm')`,
  );
  return rows.map(([text]) => JSON.parse(text ?? '') as Use);
}
