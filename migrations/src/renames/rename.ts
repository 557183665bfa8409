import { inOrder, type Step } from './order.js';
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
  const wholes = renames.filter((each): each is WholeRename => !('of' in each));
  return [
    ...wholes.filter(({ from, to }) => from.schema !== to.schema).map(move),
    ...inOrder(wholes.filter(({ from, to }) => from.name !== to.name).map(wholeStep)),
    ...inOrder(renames.filter((each) => 'of' in each).map(partStep)),
  ];
}

const object = ({ kind }: WholeRename) => (kind === 'table' ? 'TABLE' : 'TYPE');

const move = (rename: WholeRename): string =>
  `ALTER ${object(rename)} ${quoted(rename.from)} SET SCHEMA ${quote(rename.to.schema)};`;

const wholeStep = (rename: WholeRename): Step => {
  const { schema } = rename.to;
  return {
    space: schema,
    from: rename.from.name,
    to: rename.to.name,
    statement: (from, to) =>
      `ALTER ${object(rename)} ${quoted({ schema, name: from })} RENAME TO ${quote(to)};`,
  };
};

const partStep = ({ kind, of, from, to }: PartRename): Step => ({
  space: `${kind} ${quoted(of)}`,
  from,
  to,
  statement: (from, to) =>
    kind === 'column'
      ? `ALTER TABLE ${quoted(of)} RENAME COLUMN ${quote(from)} TO ${quote(to)};`
      : `ALTER TYPE ${quoted(of)} RENAME VALUE ${literal(from)} TO ${literal(to)};`,
});

/** What PostgreSQL keeps of a name. */
export const maxNameBytes = 63;

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quoted = ({ schema, name }: Name) => `${quote(schema)}.${quote(name)}`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const dotted = ({ schema, name }: Name) => `${schema}.${name}`;
