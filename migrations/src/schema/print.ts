import type { Value } from '@mrleebo/prisma-ast';
import { isKeyed } from './relations.js';

/** A value as it stands in a schema: `citext`, `"views"`, `pg_trgm(map: "trgm")`. */
export function print(value: Value): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
  if (value.type === 'array') return `[${(value.args ?? []).map(print).join(', ')}]`;
  if (value.type === 'object') return `{ ${value.properties.map(printKeyed).join(', ')} }`;
  return `${value.name}(${(value.params ?? []).map((each) => (isKeyed(each) ? printKeyed(each) : print(each))).join(', ')})`;
}

const printKeyed = ({ key, value }: { key: string; value: Value }): string => `${key}: ${print(value)}`;
