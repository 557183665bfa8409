import type { KeyValue, Value } from '@mrleebo/prisma-ast';
import { isKeyed } from './relations.js';

/** A value as it stands in a schema: `citext`, `"views"`, `pg_trgm(map: "trgm")`. */
export function print(value: Value): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
  if (value.type === 'array') return `[${(value.args ?? []).map(print).join(', ')}]`;
  if (value.type === 'object') return `{ ${value.properties.map(printKeyed).join(', ')} }`;
  return `${value.name}(${(value.params ?? []).map(printArgument).join(', ')})`;
}

export const printArgument = (value: Value | KeyValue): string =>
  isKeyed(value) ? printKeyed(value) : print(value);

const printKeyed = ({ key, value }: KeyValue): string => `${key}: ${print(value)}`;
