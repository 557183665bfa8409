import type { Field } from '@mrleebo/prisma-ast';
import { applyEdits, type Edit } from './edits.js';
import { mappedTo, type ServiceSchema, schemaOf } from './names.js';
import { type Declaration, fields } from './parse.js';

/** A declaration's own source under its final names, with what the merged schema needs added at its end. */
export function render(
  schema: ServiceSchema,
  declaration: Declaration,
  names: Map<string, string>,
  added: string[],
): string {
  const name = names.get(declaration.name) ?? declaration.name;
  const lines = [...added];
  if (name !== declaration.name && mappedTo(declaration) === undefined)
    lines.push(`@@map("${declaration.name}")`);
  if (schemaOf(declaration) === undefined) lines.push(`@@schema("${schema.service.schema}")`);
  const nameEnd = (declaration.node.location?.endOffset ?? 0) + 1;
  const edits = [
    { at: nameEnd - declaration.name.length, remove: declaration.name.length, insert: name },
    ...fields(declaration).flatMap((field) => fieldEdits(schema, declaration, field, names)),
    { at: declaration.end - 1, remove: 0, insert: lines.map((line) => `  ${line}\n`).join('') },
  ];
  return applyEdits(schema.text, edits, declaration.start, declaration.end).trim();
}

/** One field's line under its final names: what a stand-in's relation becomes on the real model. */
export function renderField(
  schema: ServiceSchema,
  declaration: Declaration,
  field: Field,
  names: Map<string, string>,
): string {
  const start = field.location?.startOffset ?? 0;
  const end = schema.text.indexOf('\n', start);
  return applyEdits(schema.text, fieldEdits(schema, declaration, field, names), start, end);
}

function fieldEdits(
  schema: ServiceSchema,
  owner: Declaration,
  field: Field,
  names: Map<string, string>,
): Edit[] {
  const type = field.fieldType;
  const name = typeof type === 'string' ? names.get(type) : undefined;
  if (typeof type !== 'string' || !name || !field.location) return [];
  const at = schema.text.indexOf(type, field.location.startOffset + field.name.length);
  const edits = [{ at, remove: type.length, insert: name }];
  const table = implicitTable(schema, owner, field);
  if (table && (name !== type || names.get(owner.name) !== owner.name)) {
    edits.push({ at: at + `${type}[]`.length, remove: 0, insert: ` @relation("${table}")` });
  }
  return edits;
}

/** Prisma names the table between two lists of each other after their models, so a renamed model must not rename it. */
function implicitTable(schema: ServiceSchema, owner: Declaration, field: Field): string | undefined {
  if (!field.array || field.attributes?.some((attribute) => attribute.name === 'relation')) return undefined;
  const other = schema.declarations.find((each) => each.name === field.fieldType && each.kind === 'model');
  const isList = other && fields(other).some((back) => back.array && back.fieldType === owner.name);
  return isList ? [owner.name, other.name].sort().join('To') : undefined;
}
