import type { Field } from '@mrleebo/prisma-ast';
import { UserError } from '../errors/index.js';
import { quote } from '../renames/index.js';
import { ownDeclarations, type ServiceSchema, tableOf } from '../schema/names.js';
import { type Declaration, fields, parseUnchecked } from '../schema/parse.js';
import { relationList } from '../schema/relations.js';
import type { Service } from '../services/index.js';

/** A model of one service with a relation to a model that another service keeps. */
export interface Link {
  model: Declaration;
  field: Field;
  owner: ServiceSchema;
  target: Declaration;
  /** The fields of the target that the foreign key points to. */
  keys: Field[];
}

/** Relations to models that the schema does not declare and exactly one other service does. */
export function findLinks(source: string, others: ServiceSchema[]): Link[] {
  const { declarations } = parseUnchecked(source);
  const declared = new Set(declarations.map(({ name }) => name));
  return declarations.flatMap((model) =>
    fields(model).flatMap((field) => {
      const name = field.fieldType;
      if (typeof name !== 'string' || declared.has(name)) return [];
      const found = others.flatMap((owner) =>
        ownDeclarations(owner)
          .filter((each) => each.kind === 'model' && each.name === name)
          .map((target) => ({ owner, target })),
      );
      return found.length === 1 && found[0]
        ? [{ model, field, ...found[0], keys: keysOf(field, found[0].target) }]
        : [];
    }),
  );
}

/**
 * What the owner of the other tables has to allow before the foreign key can be made. Whole tables: of one that shows
 * only some of its columns, Prisma's engine cannot read the indexes.
 */
export function grantSql(links: Link[], service: Service): string {
  const tables = [...new Set(links.map(({ target }) => target))];
  const [first] = links;
  const schema = quote(first?.owner.service.schema ?? '');
  const role = quote(service.ownerRole);
  const statements = tables.map(
    (target) => `GRANT REFERENCES ON ${schema}.${quote(tableOf(target))} TO ${role};`,
  );
  return `${[`GRANT USAGE ON SCHEMA ${schema} TO ${role};`, ...statements].join('\n')}\n`;
}

function keysOf(field: Field, target: Declaration): Field[] {
  const names = relationList(field, 'references');
  const keys = fields(target).filter(({ name }) => names.includes(name));
  if (keys.length === 1 && names.length === 1) return keys;
  throw new UserError(
    'UNCLEAR_REFERENCE',
    `The relation ${field.name} does not refer to one field of ${target.name}.`,
    {
      hint: `Write it as @relation(fields: [${field.name}Id], references: [id]).`,
    },
  );
}
