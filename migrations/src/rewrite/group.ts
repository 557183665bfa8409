import { type Piece, phases } from './piece.js';

/** One migration to be. It is called as the author says, and its label follows where there are several. */
export interface Draft {
  label: string;
  sql: string;
  /** The column that it does nothing but fill in. */
  fills?: Piece['fills'];
}

/** As few migrations as can be, none of which locks two existing tables or does slow work under a lock. */
export function group(pieces: Piece[]): Draft[] {
  const groups: Piece[][] = [];
  const waiting = [...pieces];
  for (const phase of phases) {
    for (const piece of waiting.filter((each) => each.phase === phase)) {
      const last = groups.at(-1);
      if (last && fits(last, piece)) last.push(piece);
      else if (last && piece.otherwise) waiting.push(...piece.otherwise);
      else groups.push([piece]);
    }
  }
  return groups.map(([first, ...others]) => ({
    label: inWords(first?.label ?? ''),
    sql: `${[first, ...others].map((piece) => piece?.sql).join('\n\n')}\n`,
    ...(first?.fills && { fills: first.fills }),
  }));
}

function fits(group: Piece[], piece: Piece): boolean {
  const [first] = group;
  if (!first || first.alone || piece.alone || first.phase !== piece.phase) return false;
  if (first.apart !== piece.apart) return false;
  // A validation reads the whole table: each gets a transaction of its own.
  if (piece.phase === 'validate') return false;
  return new Set([...group, piece].flatMap(({ locks }) => locks)).size <= 1;
}

/** Names in the database may hold anything; the folder of a migration does not. */
const inWords = (label: string): string =>
  label
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('_');
