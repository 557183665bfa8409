import { InvalidInputError } from '../errors/index.js';

/**
 * Refuses text that PostgreSQL cannot store, wherever it is in the input: with NUL or half of a surrogate pair. Names
 * the first place only, since a body may have as many as it likes.
 */
export function checkText(input: unknown, name?: string): void {
  const pointer = findFault(input, name === undefined ? '' : `/${name}`);
  if (pointer === undefined) return;
  throw new InvalidInputError([{ pointer, message: 'must not contain NUL or half of a surrogate pair' }]);
}

function findFault(value: unknown, pointer: string): string | undefined {
  if (typeof value === 'string') return isText(value) ? undefined : pointer;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const place = `${pointer}/${escapePointer(key)}`;
    const fault = isText(key) ? findFault(item, place) : place;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const isText = (value: string) => !value.includes('\0') && !/\p{Cs}/u.test(value);

/** RFC 6901. */
export const escapePointer = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
