import { readType, type TypeParts } from '../sql/index.js';

export interface TypeChange {
  from: string;
  to: string;
  /** Whether the session is known to be in UTC. */
  isUtc: boolean;
}

/** Whether PostgreSQL changes the type of a column without writing the table anew. */
export function isFreeTypeChange({ from, to, isUtc }: TypeChange): boolean {
  const [a, b] = [readType(from), readType(to)];
  // Whatever is free for a value is a rewrite for an array of them.
  if (a.isArray || b.isArray) return from === to;
  if (a.base === 'cidr' && b.base === 'inet') return true;
  if (isText(a) && isText(b)) return b.base === 'text' || isWider(a.modifiers[0], b.modifiers[0], a.base);
  if (isTimestamp(a) && isTimestamp(b)) return isFreeTimestamp(a, b, isUtc);
  if (a.base !== b.base) return false;
  if (a.base === 'numeric') return isWiderNumber(a.modifiers, b.modifiers);
  if (['time', 'timetz'].includes(a.base)) return isAsPrecise(a, b);
  if (a.base === 'varbit') return isWider(a.modifiers[0], b.modifiers[0], a.base);
  return String(a.modifiers) === String(b.modifiers);
}

/** Whether values may be lost or refused. */
export function isNarrowing(from: string, to: string): boolean {
  const [a, b] = [readType(from), readType(to)];
  const sizes = ['int2', 'int4', 'int8'];
  if (sizes.includes(a.base) && sizes.includes(b.base)) return sizes.indexOf(b.base) < sizes.indexOf(a.base);
  const [limit] = b.modifiers;
  return limit !== undefined && !isFreeTypeChange({ from, to, isUtc: true });
}

/** Whether the session's time zone decides what becomes of the values. */
export function dependsOnTimezone(from: string, to: string): boolean {
  const [a, b] = [readType(from), readType(to)];
  return hasTimezone(a) !== hasTimezone(b);
}

/** Whether the order of values stays, so that an index of the column can stay too. */
export function keepsIndexes(from: string, to: string): boolean {
  const [a, b] = [readType(from), readType(to)];
  return a.base === b.base || (isText(a) && isText(b)) || (a.base === 'cidr' && b.base === 'inet');
}

const isText = ({ base }: TypeParts) => base === 'text' || base === 'varchar';
const isTimestamp = ({ base }: TypeParts) => base === 'timestamp' || base === 'timestamptz';
const hasTimezone = ({ base }: TypeParts) => base === 'timestamptz' || base === 'timetz';

/** Text that had no limit must be read to be given one. */
const isWider = (from: number | undefined, to: number | undefined, base: string) =>
  to === undefined || (base !== 'text' && from !== undefined && to >= from);

const fullPrecision = 6;

/** From one kind to the other PostgreSQL forgets how precise the old values are: only full precision is free. */
const isFreeTimestamp = (a: TypeParts, b: TypeParts, isUtc: boolean) =>
  a.base === b.base ? isAsPrecise(a, b) : isUtc && (b.modifiers[0] ?? fullPrecision) === fullPrecision;

const isAsPrecise = (a: TypeParts, b: TypeParts) =>
  (b.modifiers[0] ?? fullPrecision) >= (a.modifiers[0] ?? fullPrecision);

function isWiderNumber(from: number[], to: number[]): boolean {
  const [precision, scale = 0] = to;
  if (precision === undefined) return true;
  return from[0] !== undefined && precision >= from[0] && scale === (from[1] ?? 0);
}
