import { readType } from '../sql/index.js';

/** The condition under which PostgreSQL refuses to convert a value to a type; undefined where it takes all. */
export function limitOf(value: string, to: string): string | undefined {
  const { base, modifiers, isArray } = readType(to);
  if (isArray) return undefined;
  const [size, scale = 0] = modifiers;
  const bytes = integers.get(base);
  if (bytes !== undefined) {
    const limit = 2n ** BigInt(bytes * 8 - 1);
    return `round(${value}::numeric) NOT BETWEEN -${limit} AND ${limit - 1n}`;
  }
  if (size === undefined) return undefined;
  // Spaces at the end are cut off without a word.
  if (base === 'varchar' || base === 'bpchar') return `length(rtrim(${value}::text, ' ')) > ${size}`;
  if (base === 'numeric') return `abs(round(${value}::numeric, ${scale})) >= 10::numeric ^ ${size - scale}`;
  return undefined;
}

const integers = new Map([
  ['int2', 2],
  ['int4', 4],
  ['int8', 8],
]);
