import type { Node, RangeVar, TypeName } from 'libpg-query';

/** The kinds of nodes, and the fields of one: `FieldsOf<'CreateStmt'>`. */
export type NodeKind = Node extends infer Each ? (Each extends Node ? keyof Each : never) : never;
export type FieldsOf<Kind extends NodeKind> = Node extends infer Each
  ? Each extends Record<Kind, infer Fields>
    ? Fields
    : never
  : never;

/** A function for each of some kinds of nodes: a table in place of a chain of ifs. */
export type NodeTable<Rest extends unknown[], Result> = {
  [Kind in NodeKind]?: (fields: FieldsOf<Kind>, ...rest: Rest) => Result;
};

/** Calls the function a table has for a node; undefined when it has none. */
export function dispatch<Rest extends unknown[], Result>(
  table: NodeTable<Rest, Result>,
  node: Node,
  ...rest: Rest
): Result | undefined {
  const [[kind, fields] = []] = Object.entries(node);
  const call = table[kind as NodeKind] as ((fields: unknown, ...rest: Rest) => Result) | undefined;
  return call?.(fields, ...rest);
}

/** A table, index or type as a statement names it; without a schema where the statement leaves it out. */
export interface Name {
  schema: string | undefined;
  name: string;
}

export const nameOf = (relation: RangeVar | undefined): Name => ({
  schema: relation?.schemaname,
  name: relation?.relname ?? '',
});

/** The texts of a list of names, such as the columns of a key. */
export const textsOf = (nodes: Node[] | undefined): string[] =>
  (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));

/** A dotted name: schema and name, or the name alone. */
export function nameOfParts(parts: Node[] | undefined): Name {
  const texts = textsOf(parts);
  return { schema: texts.at(-2), name: texts.at(-1) ?? '' };
}

/** A name that a statement wraps as a list (`DROP TABLE`) or as a type (`DROP TYPE`). */
export function nameOfObject(node: Node | undefined): Name {
  if (node && 'List' in node) return nameOfParts(node.List.items);
  if (node && 'TypeName' in node) return nameOfParts(node.TypeName.names);
  return nameOfParts(node && [node]);
}

/** A name as SQL, quoted only where PostgreSQL needs it. */
export const writeName = ({ schema, name }: Name): string =>
  schema ? `${writeIdentifier(schema)}.${writeIdentifier(name)}` : writeIdentifier(name);

/** Quotes whatever is not plainly a name; a keyword in quotes does no harm. */
export const writeIdentifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
   current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end
   except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime
   localtimestamp not null offset on only or order placing primary references returning select session_user some
   symmetric system_user table then to trailing true union unique user using variadic when where window with
   authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like
   natural notnull outer overlaps right similar tablesample verbose`.split(/\s+/),
);

/** Calls `visit` for a node and for everything below it, with the name of its kind. */
export function walk(value: unknown, visit: (kind: string, fields: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  // The linter walks over every statement of every migration: `for in` spares it an array for each node.
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (typeof field !== 'object') continue;
    // Kinds of nodes are written with a capital, fields without.
    if (key.charCodeAt(0) < firstSmallLetter) visit(key, field as Record<string, unknown>);
    walk(field, visit);
  }
}

/** The columns that an expression names, by their own names alone. */
export function columnsIn(expression: unknown): string[] {
  const columns = new Set<string>();
  walk(expression, (kind, fields) => {
    if (kind === 'ColumnRef') columns.add(textsOf(fields.fields as Node[]).at(-1) ?? '');
  });
  return [...columns];
}

const firstSmallLetter = 'a'.charCodeAt(0);

/** The type of a column in PostgreSQL's own short names: `varchar(10)`, `numeric(10,2)`, `int4[]`. */
export function writeType(type: TypeName | undefined): string {
  const names = textsOf(type?.names).filter((name) => name !== 'pg_catalog');
  const modifiers = (type?.typmods ?? []).map(integerOf).join(',');
  const array = (type?.arrayBounds?.length ?? 0) > 0 ? '[]' : '';
  return `${names.join('.')}${modifiers && `(${modifiers})`}${array}`;
}

export interface TypeParts {
  base: string;
  modifiers: number[];
  isArray: boolean;
}

/** What `writeType` wrote, taken apart again. */
export function readType(written: string): TypeParts {
  const isArray = written.endsWith('[]');
  const [base = '', modifiers = ''] = (isArray ? written.slice(0, -2) : written).split('(');
  return { base, modifiers: modifiers.split(/[,)]/).filter(Boolean).map(Number), isArray };
}

/** An integer constant; PostgreSQL's parser leaves a zero out. */
export function integerOf(node: Node): number | undefined {
  if ('Integer' in node) return node.Integer.ival ?? 0;
  return 'A_Const' in node && node.A_Const.ival ? (node.A_Const.ival.ival ?? 0) : undefined;
}
