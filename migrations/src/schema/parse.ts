import {
  type Block,
  type Datasource,
  type Enum,
  type Field,
  type Generator,
  getSchema,
  type Model,
  PrismaParser,
  type Type,
  type Value,
  type View,
  VisitorClassFactory,
} from '@mrleebo/prisma-ast';
import { blankBlockComments } from './comments.js';
import { withAsciiNames } from './letters.js';
import { checkSchema, formatSchema } from './validate.js';

export type Node = Model | View | Enum | Type;

/** A model, enum, view or type: what was parsed of it, and its source with the comments that lead to it. */
export interface Declaration {
  kind: Node['type'];
  name: string;
  node: Node;
  /** Its slice of `ParsedSchema.text`; `end` is just behind the closing brace. */
  start: number;
  end: number;
}

export interface ParsedSchema {
  /** The source as `prisma format` writes it, so that a closing brace is a line of its own. */
  text: string;
  declarations: Declaration[];
  byName: Map<string, Declaration>;
  settings: (Generator | Datasource)[];
}

const parser = new PrismaParser({ nodeLocationTracking: 'onlyOffset' });
const visitor = new (VisitorClassFactory(parser))();

/** Parses a schema that Prisma itself accepts; a faulty one is reported with file, line and column. */
export function parseSchema(file: string, source: string): ParsedSchema {
  checkSchema(file, source);
  return parseUnchecked(source);
}

/** Parses a schema that may use what it does not declare. */
export function parseUnchecked(source: string): ParsedSchema {
  const text = formatSchema(source);
  const { code, restore } = withAsciiNames(blankBlockComments(text));
  const blocks = restore(getSchema(code, { parser, visitor })).list.filter(isBlock);
  const declarations: Declaration[] = [];
  let end = 0;
  for (const node of blocks) {
    const start = end;
    end = code.indexOf('\n}', node.location?.startOffset) + 2;
    if (isDeclaration(node)) declarations.push({ kind: node.type, name: node.name, node, start, end });
  }
  const byName = new Map(declarations.map((each) => [each.name, each]));
  return { text, declarations, byName, settings: blocks.filter((node) => !isDeclaration(node)) };
}

type LocatedBlock = Node | Generator | Datasource;

const isBlock = (node: Block): node is LocatedBlock => node.type !== 'comment' && node.type !== 'break';
const isDeclaration = (node: LocatedBlock): node is Node =>
  node.type !== 'generator' && node.type !== 'datasource';

/** The string argument of an attribute such as `@@map("users")` or `@map(name: "id")`. */
export function attributeText(
  attributes: readonly {
    type: string;
    name?: string;
    args?: { value: Value | { type: 'keyValue'; value: Value } }[];
  }[],
  name: string,
): string | undefined {
  const argument = attributes.find((each) => each.type === 'attribute' && each.name === name)?.args?.[0]
    ?.value;
  const value = isKeyValue(argument) ? argument.value : argument;
  return typeof value === 'string' ? (JSON.parse(value) as string) : undefined;
}

const isKeyValue = (value: unknown): value is { type: 'keyValue'; key: string; value: Value } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'keyValue';

/** The lines of a declaration's body, of whichever kind. */
export function members(node: Node) {
  return (node.type === 'enum' ? node.enumerators : node.properties) ?? [];
}

export function fields({ node }: Declaration): Field[] {
  return node.type === 'enum' ? [] : members(node).filter((each) => each.type === 'field');
}
