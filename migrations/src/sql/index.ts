/**
 * The one place that reads SQL: PostgreSQL's own grammar (libpg-query, WebAssembly, loaded when first needed) cuts a
 * script into statements with their exact places. Offsets and columns count UTF-16 units as `string.slice` does, not
 * the bytes in which the parser counts.
 */
import { setFlagsFromString } from 'node:v8';
import type { Node, ParseResult } from 'libpg-query';
import { type Comment, readComments } from './comments.js';

export type { Comment } from './comments.js';
export * from './nodes.js';

export interface Place {
  offset: number;
  /** Counted from 1, as editors do. */
  line: number;
  column: number;
}

export interface Statement extends Place {
  node: Node;
  /** As written, without the white space and comments before and after it, and without its semicolon. */
  text: string;
  /** Where `text` ends. */
  end: number;
  /** Those before it, inside it, and after it on its last line. */
  comments: Comment[];
}

export interface SyntaxProblem extends Place {
  message: string;
}

export interface Script {
  statements: Statement[];
  /** Comments that no statement follows. */
  remainder: Comment[];
  /** Why PostgreSQL's grammar refuses the script; it has no statements then. */
  problem?: SyntaxProblem;
}

/** The statements of a script with their comments; what is wrong with it when it does not parse. */
export async function readScript(text: string): Promise<Script> {
  const parse = await loadParser();
  const comments = readComments(text);
  let result: ParseResult;
  try {
    // The parser refuses an empty text, which is a script without statements.
    result = text.trim() === '' ? { stmts: [] } : parse(text);
  } catch (error) {
    return { statements: [], remainder: comments, problem: describeProblem(error, text) };
  }
  return placeStatements(text, result, comments);
}

/** The statements of a script; undefined when PostgreSQL's grammar refuses it. */
export async function readStatements(script: string): Promise<Statement[] | undefined> {
  const { statements, problem } = await readScript(script);
  return problem ? undefined : statements;
}

/** The line and the column, counted from 1, of a character of a text. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The line, counted from 1, on which a character of a text stands. */
export const lineOf = (text: string, offset: number) => placeOf(text, offset).line;

async function loadParser(): Promise<(script: string) => ParseResult> {
  const { loadModule, parseSync } = await import('libpg-query');
  // Otherwise V8 takes 500 MB and two seconds to optimise the parser's one huge function, which kills a container with a
  // limit and lasts longer than any reading.
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
  await loadModule();
  return parseSync;
}

function placeStatements(text: string, { stmts = [] }: ParseResult, comments: Comment[]): Script {
  const toOffset = offsetsOfBytes(text);
  const placed = placer(text);
  const trim = trimmer(text, comments);
  let taken = 0;
  const statements = stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    if (!stmt) return [];
    const [from, end] = trim(toOffset(start), length ? toOffset(start + length) : text.length);
    const first = taken;
    while (belongsTo(end, comments[taken], text)) taken += 1;
    const own = comments.slice(first, taken);
    return [{ node: stmt, text: text.slice(from, end), ...placed(from), end, comments: own }];
  });
  return { statements, remainder: comments.slice(taken) };
}

/** Whether a comment begins before a statement ends, or behind it on its line with nothing but its semicolon between. */
function belongsTo(end: number, comment: Comment | undefined, text: string): boolean {
  return comment !== undefined && /^[ \t]*;?[ \t]*$/.test(text.slice(end, comment.offset));
}

/** Leaves out the white space and the comments that the parser counts to a statement, at its start and at its end. */
function trimmer(text: string, comments: Comment[]): (start: number, end: number) => [number, number] {
  const after = new Map(comments.map((comment) => [comment.offset, comment.end]));
  const before = new Map(comments.map((comment) => [comment.end, comment.offset]));
  return (start, end) => {
    let from = start;
    for (let next: number | undefined = from; next !== undefined; next = after.get(from)) {
      from = next + text.slice(next).search(/\S|$/);
    }
    let to = end;
    for (let next: number | undefined = to; next !== undefined; next = before.get(to)) {
      to = from + text.slice(from, next).trimEnd().length;
    }
    return [from, to];
  };
}

/** Answers for rising byte positions, so that a long script is decoded once. */
function offsetsOfBytes(text: string): (byte: number) => number {
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return (byte) => byte;
  let known = { byte: 0, offset: 0 };
  return (byte) => {
    if (byte < known.byte) known = { byte: 0, offset: 0 };
    known = { byte, offset: known.offset + bytes.toString('utf8', known.byte, byte).length };
    return known.offset;
  };
}

/** As `placeOf`, for rising offsets. */
function placer(text: string): (offset: number) => Place {
  let known = { offset: 0, line: 1, start: 0 };
  return (offset) => {
    const between = text.slice(known.offset, offset);
    const lines = between.split('\n').length - 1;
    const start = lines === 0 ? known.start : known.offset + between.lastIndexOf('\n') + 1;
    known = { offset, line: known.line + lines, start };
    return { offset, line: known.line, column: offset - start + 1 };
  };
}

function describeProblem(error: unknown, text: string): SyntaxProblem {
  const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition: number } };
  // The parser counts characters here, not bytes and not UTF-16 units.
  const before = [...text].slice(0, sqlDetails?.cursorPosition ?? 0).join('');
  return { message, ...placeOf(text, before.length) };
}
