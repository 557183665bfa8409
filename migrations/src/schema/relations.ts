import type { Attribute, Field, KeyValue, Value } from '@mrleebo/prisma-ast';
import { type Declaration, fields, type ParsedSchema } from './parse.js';

/** The name that a field's @relation gives the relation, with its key or without. */
export function relationName(field: Field): string | undefined {
  const given = relationArguments(field).find((each) => !isKeyed(each) || each.key === 'name');
  const value = isKeyed(given) ? given.value : given;
  return typeof value === 'string' ? (JSON.parse(value) as string) : undefined;
}

/** The fields listed under a key of a field's @relation. */
export function relationList(field: Field, key: 'fields' | 'references'): string[] {
  const list = relationArguments(field).find((each) => isKeyed(each) && each.key === key);
  return isKeyed(list) && isArray(list.value) ? (list.value.args ?? []).map(String) : [];
}

export const relationAttribute = (field: Field): Attribute | undefined =>
  field.attributes?.find(({ name, group }) => name === 'relation' && !group);

export const relationArguments = (field: Field) =>
  (relationAttribute(field)?.args ?? []).map(({ value }) => value);

/** Whether a list is one of two models of each other, between which Prisma makes a table. */
export function isListPair({ byName }: ParsedSchema, owner: Declaration, field: Field): boolean {
  if (!field.array) return false;
  const other = byName.get(String(field.fieldType));
  if (!other) return false;
  return fields(other).some(
    (back) =>
      back !== field &&
      back.array &&
      back.fieldType === owner.name &&
      relationName(back) === relationName(field),
  );
}

export const isKeyed = (value: unknown): value is KeyValue =>
  typeof value === 'object' && value !== null && 'key' in value;

export const isArray = (value: Value | undefined): value is { type: 'array'; args: Value[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'array';
