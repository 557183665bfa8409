import type { Node } from 'libpg-query';
import { readTokens } from './comments.js';
import { readStatements, type Statement } from './index.js';

export interface Block {
  /** Those that PostgreSQL's grammar reads; it has none for what PL/pgSQL adds. */
  statements: Statement[];
  /** Whether it runs text that it puts together, or calls what may do anything. */
  isOpen: boolean;
}

/** What a DO block runs; undefined for other statements. */
export async function readBlock(node: Node): Promise<Block | undefined> {
  if (!('DoStmt' in node)) return undefined;
  const body = (node.DoStmt.args ?? [])
    .flatMap((each) => ('DefElem' in each && each.DefElem.defname === 'as' ? [each.DefElem.arg] : []))
    .flatMap((text) => (text && 'String' in text ? [text.String.sval ?? ''] : []))
    .join('');
  const statements: Statement[] = [];
  let isOpen = false;
  // In PL/pgSQL a statement begins behind the end of another or behind one of these words.
  const openers = new Set([';', 'BEGIN', 'LOOP', 'THEN', 'ELSE']);
  const tokens = [...readTokens(body)];
  for (const [at, { text, end }] of tokens.entries()) {
    const word = text.toUpperCase();
    if (['EXECUTE', 'PERFORM', 'CALL'].includes(word)) isOpen = true;
    if (!openers.has(word)) continue;
    const stop = tokens.slice(at + 1).find((token) => token.text === ';');
    const found = stop && (await readStatements(body.slice(end, stop.end)));
    if (found) statements.push(...found);
  }
  return { statements, isOpen };
}
