import { type Name, sameName } from './shape.js';

export interface WholeRename {
  kind: 'table' | 'enum';
  from: Name;
  to: Name;
}

export interface PartRename {
  kind: 'column' | 'value';
  /** The table or enum, under its new name. */
  of: Name;
  from: string;
  to: string;
}

export type Rename = WholeRename | PartRename;

/** What a table or enum is called after the renames. */
export function nowCalled(renames: Rename[], name: Name): Name {
  const rename = renames.find((each) => !('of' in each) && sameName(each.from, name));
  return rename && !('of' in rename) ? rename.to : name;
}

/** How a rename is written in `--rename` and in messages: `users.phone_number=phone`, `users=people`. */
export function keyOf(rename: Rename): string {
  if ('of' in rename) return `${rename.of.name}.${rename.from}=${rename.to}`;
  const { from, to } = rename;
  return from.schema === to.schema ? `${from.name}=${to.name}` : `${dotted(from)}=${dotted(to)}`;
}

/** The statements that carry renames out, in an order in which no name is taken when it is needed. */
export function renameStatements(renames: Rename[]): string[] {
  return [
    ...renames.flatMap((each) => ('of' in each ? [] : wholeStatements(each))),
    ...partStatements(renames.filter((each) => 'of' in each)),
  ];
}

function wholeStatements({ kind, from, to }: WholeRename): string[] {
  const object = kind === 'table' ? 'TABLE' : 'TYPE';
  const moved = { schema: to.schema, name: from.name };
  return [
    ...(sameName(from, moved) ? [] : [`ALTER ${object} ${quoted(from)} SET SCHEMA ${quote(to.schema)};`]),
    ...(sameName(moved, to) ? [] : [`ALTER ${object} ${quoted(moved)} RENAME TO ${quote(to.name)};`]),
  ];
}

/** A name that another rename has yet to give up is waited for; a circle is opened through a name nobody has. */
function partStatements(renames: PartRename[]): string[] {
  const statements: string[] = [];
  let waiting = renames;
  while (waiting.length > 0) {
    const free = waiting.filter((each) => !waiting.some((other) => other !== each && gives(other, each)));
    const [first] = waiting;
    if (free.length === 0 && first) {
      const aside = `${first.from}__renaming`;
      statements.push(partStatement({ ...first, to: aside }));
      waiting = waiting.map((each) => (each === first ? { ...each, from: aside } : each));
    }
    statements.push(...free.map(partStatement));
    waiting = waiting.filter((each) => !free.includes(each));
  }
  return statements;
}

const gives = (other: PartRename, wanted: PartRename) =>
  other.kind === wanted.kind && sameName(other.of, wanted.of) && other.from === wanted.to;

function partStatement({ kind, of, from, to }: PartRename): string {
  return kind === 'column'
    ? `ALTER TABLE ${quoted(of)} RENAME COLUMN ${quote(from)} TO ${quote(to)};`
    : `ALTER TYPE ${quoted(of)} RENAME VALUE ${literal(from)} TO ${literal(to)};`;
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quoted = ({ schema, name }: Name) => `${quote(schema)}.${quote(name)}`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const dotted = ({ schema, name }: Name) => `${schema}.${name}`;
