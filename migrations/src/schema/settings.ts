import type { Datasource, Generator, Value } from '@mrleebo/prisma-ast';
import type { ParsedSchema } from './parse.js';
import { print } from './print.js';
import { isArray } from './relations.js';

/** The list written in a generator or datasource under a key, over all services, each entry once. */
export function united(schemas: ParsedSchema[], block: 'generator' | 'datasource', key: string): string[] {
  const blocks = schemas.flatMap((schema) => schema.settings.filter((node) => node.type === block));
  return [...new Set(blocks.flatMap((node) => valuesOf(node, key).map(print)))].sort();
}

/** The strings listed in a generator or datasource under a key. */
export function listed(node: Generator | Datasource, key: string): string[] {
  return valuesOf(node, key)
    .filter((value) => typeof value === 'string')
    .map((value) => JSON.parse(value) as string);
}

function valuesOf(node: Generator | Datasource, key: string): Value[] {
  const assignment = node.assignments.find((each) => each.type === 'assignment' && each.key === key);
  const value = assignment?.type === 'assignment' ? assignment.value : undefined;
  return isArray(value) ? (value.args ?? []) : [];
}
