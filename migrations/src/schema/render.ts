import type { Field } from '@mrleebo/prisma-ast';
import { applyEdits, type Edit } from './edits.js';
import { mappedTo, type ServiceNames, type ServiceSchema, schemaOf } from './names.js';
import { type Declaration, fields } from './parse.js';
import { relationEdit } from './render-relation.js';

/** A declaration's own source under its final names, with what the merged schema needs added at its end. */
export function render(
  schema: ServiceSchema,
  declaration: Declaration,
  names: ServiceNames,
  added: string[],
): string {
  const name = names.final.get(declaration.name) ?? declaration.name;
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
  names: ServiceNames,
  name: string,
): string {
  const start = field.location?.startOffset ?? 0;
  const end = schema.text.indexOf('\n', start);
  const edits = fieldEdits(schema, declaration, field, names);
  edits.push({ at: start, remove: field.name.length, insert: name });
  return applyEdits(schema.text, edits, start, end);
}

function fieldEdits(schema: ServiceSchema, owner: Declaration, field: Field, names: ServiceNames): Edit[] {
  const type = field.fieldType;
  const name = typeof type === 'string' ? names.final.get(type) : undefined;
  if (typeof type !== 'string' || !name || !field.location) return [];
  const at = schema.text.indexOf(type, field.location.startOffset + field.name.length);
  const relation = relationEdit(schema, owner, field, names, at + type.length);
  return [{ at, remove: type.length, insert: name }, ...(relation ? [relation] : [])];
}
