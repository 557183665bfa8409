import { attributeText, type Declaration, members, type ParsedSchema } from '../schema/parse.js';
import { type Name, sameName } from './shape.js';

/** What a model or enum is called in the database, and what each of its fields or values is. */
export interface Mapped {
  kind: 'model' | 'enum';
  name: string;
  target: Name;
  members: Map<string, string>;
  /** A model's lists of itself, by the name of their relation, in the order of the alphabet. */
  lists: Map<string, string[]>;
}

/** How a schema maps its names to the database's, for the declarations in one of the given PostgreSQL schemas. */
export function readMapping({ declarations }: ParsedSchema, defaultSchema: string): Mapped[] {
  return declarations.flatMap((declaration) => {
    if (declaration.kind !== 'model' && declaration.kind !== 'enum') return [];
    return [describe(declaration, declaration.kind, defaultSchema)];
  });
}

function describe({ name, node }: Declaration, kind: Mapped['kind'], defaultSchema: string): Mapped {
  const own = members(node);
  const named = own.filter((each) => each.type === 'field' || each.type === 'enumerator');
  return {
    kind,
    name,
    target: {
      schema: attributeText(own, 'schema') ?? defaultSchema,
      name: attributeText(own, 'map') ?? name,
    },
    members: new Map(
      named.map((each) => [each.name, attributeText(each.attributes ?? [], 'map') ?? each.name]),
    ),
    lists: listsOfItself(name, own),
  };
}

function listsOfItself(model: string, own: ReturnType<typeof members>): Mapped['lists'] {
  const lists = new Map<string, string[]>();
  for (const each of own) {
    if (each.type !== 'field' || !each.array || each.fieldType !== model) continue;
    const relation = attributeText(each.attributes ?? [], 'relation') ?? '';
    lists.set(relation, [...(lists.get(relation) ?? []), each.name].sort());
  }
  return lists;
}

/** The model as it was: of the same name, or, when it was itself renamed, of the table that it had. */
export function counterpart(earlier: Mapped[], now: Mapped | undefined, old: Name): Mapped | undefined {
  return (
    earlier.find((each) => each.kind === now?.kind && each.name === now.name) ??
    earlier.find((each) => each.kind === now?.kind && sameName(each.target, old))
  );
}
