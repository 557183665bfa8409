import type { Field } from '@mrleebo/prisma-ast';
import { UserError } from '../errors/index.js';
import { bracketEnd } from './comments.js';
import type { Edit } from './edits.js';
import { type Real, type ServiceNames, type ServiceSchema, tableOf } from './names.js';
import { attributeText, type Declaration, fields } from './parse.js';
import { printArgument } from './print.js';
import {
  isArray,
  isKeyed,
  isListPair,
  relationArguments,
  relationAttribute,
  relationName,
} from './relations.js';

/** Gives a relation the name and the fields it has in the merged schema, where these are others than in the service's. */
export function relationEdit(
  schema: ServiceSchema,
  owner: Declaration,
  field: Field,
  names: ServiceNames,
  typeEnd: number,
): Edit | undefined {
  const other = schema.byName.get(String(field.fieldType));
  const name = other && finalName(schema, owner, field, other, names);
  if (!other || name === undefined) return undefined;
  const named = relationArguments(field).filter((each) => isKeyed(each) && each.key !== 'name');
  const kept = named.map((each) => {
    if (!isKeyed(each) || !isArray(each.value)) return printArgument(each);
    const target = { fields: owner, references: other }[each.key];
    return `${each.key}: [${each.value.args.map((arg) => (target ? realField(schema, target, names, String(arg)) : arg)).join(', ')}]`;
  });
  const insert = `@relation(${[JSON.stringify(name), ...kept].join(', ')})`;
  const written = relationAttribute(field)?.location;
  if (written?.startOffset === undefined)
    return {
      at: typeEnd + (field.array ? '[]' : field.optional ? '?' : '').length,
      remove: 0,
      insert: ` ${insert}`,
    };
  const nameEnd = (written.endOffset ?? 0) + 1;
  const end = schema.text[nameEnd] === '(' ? bracketEnd(schema.text, nameEnd) : nameEnd;
  return { at: written.startOffset, remove: end - written.startOffset, insert };
}

/**
 * Prisma names the table between two lists of each other after the relation or else after their models, so a renamed
 * model must not rename it. Another relation between services is called after the service that has it: each service
 * may have one between the same two models.
 */
function finalName(
  schema: ServiceSchema,
  owner: Declaration,
  field: Field,
  other: Declaration,
  { final, reals }: ServiceNames,
): string | undefined {
  if (other.kind === 'enum' || other.kind === 'type') return undefined;
  const name = relationName(field) ?? [owner.name, other.name].sort().join('To');
  const between = reals.has(owner.name) || reals.has(other.name);
  if (!isListPair(schema, owner, field)) return between ? `${schema.service.name}_${name}` : undefined;
  const renamed = [owner, other].some((each) => final.get(each.name) !== each.name);
  return between || renamed ? name : undefined;
}

/** What the real model calls the column of a stand-in's field. */
function realField(schema: ServiceSchema, model: Declaration, { reals }: ServiceNames, name: string): string {
  const real = reals.get(model.name);
  if (!real) return name;
  const field = fields(model).find((each) => each.name === name);
  const column = field ? columnOf(field) : name;
  const found = columnsOf(real).find((each) => columnOf(each) === column);
  if (found) return found.name;
  throw new UserError(
    'UNKNOWN_EXTERNAL',
    `${schema.service.schemaFile}: the field ${name} of model ${model.name} stands for the column "${column}" of "${real.schema.service.schema}"."${tableOf(model)}", which model ${real.declaration.name} of ${real.schema.service.name} does not have.`,
    { hint: `Give ${model.name} the columns that ${real.schema.service.schemaFile} has.` },
  );
}

const columnOf = (field: Field) => attributeText(field.attributes ?? [], 'map') ?? field.name;

function columnsOf({ schema, declaration }: Real): Field[] {
  const models = new Set(schema.declarations.filter(({ kind }) => kind !== 'enum').map(({ name }) => name));
  return fields(declaration).filter(
    ({ fieldType }) => typeof fieldType !== 'string' || !models.has(fieldType),
  );
}
