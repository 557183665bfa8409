import type { Datasource, Generator, Value } from '@mrleebo/prisma-ast';
import type { ParsedSchema } from './parse.js';

/** The list written in a generator or datasource under a key, over all services, each entry once. */
export function united(schemas: ParsedSchema[], block: 'generator' | 'datasource', key: string): string[] {
  const blocks = schemas.flatMap((schema) => schema.settings.filter((node) => node.type === block));
  return [...new Set(blocks.flatMap((node) => listed(node, key)))].sort();
}

function listed(node: Generator | Datasource, key: string): string[] {
  const assignment = node.assignments.find((each) => each.type === 'assignment' && each.key === key);
  const value = assignment?.type === 'assignment' ? assignment.value : undefined;
  return isArray(value) ? (value.args ?? []).map(print) : [];
}

/** A value as it stands in a schema: `citext`, `"views"`, `pg_trgm(map: "trgm")`. */
function print(value: Value): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
  if (value.type === 'array') return `[${(value.args ?? []).map(print).join(', ')}]`;
  if (value.type === 'object') return `{ ${value.properties.map(printKeyed).join(', ')} }`;
  return `${value.name}(${(value.params ?? []).map((each) => (isKeyed(each) ? printKeyed(each) : print(each))).join(', ')})`;
}

const printKeyed = ({ key, value }: { key: string; value: Value }): string => `${key}: ${print(value)}`;
const isKeyed = (value: unknown): value is { key: string; value: Value } =>
  typeof value === 'object' && value !== null && 'key' in value;
const isArray = (value: Value | undefined): value is { type: 'array'; args: Value[] } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'array';
