import { hash } from 'node:crypto';
import { InvalidInputError } from '../errors/index.js';

/** Where the next page starts. `scope` is every other argument of the list: a cursor is of no use with others. */
export function encodeCursor(scope: unknown, key: unknown): string {
  return Buffer.from(JSON.stringify([fingerprint(scope), key])).toString('base64url');
}

/** `isKey` says what a key looks like: a cursor is input, whoever made it. */
export function decodeCursor<T>(scope: unknown, cursor: string, isKey: (key: unknown) => key is T): T {
  const [madeFor, key] = parse(cursor);
  if (madeFor !== fingerprint(scope)) throw invalid('belongs to a list with other arguments');
  if (!isKey(key)) throw invalid('is not one that this service gave out');
  return key;
}

const fingerprint = (scope: unknown) => hash('sha256', JSON.stringify(scope), 'base64url').slice(0, 8);

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

const invalid = (reason: string) =>
  new InvalidInputError([{ pointer: '/cursor', message: `The cursor ${reason}.` }]);
