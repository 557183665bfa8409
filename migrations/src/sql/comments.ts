export interface Comment {
  /** Without its marks and the white space around it. */
  text: string;
  offset: number;
  end: number;
}

// The parser drops comments, so they are found the way PostgreSQL's scanner finds them: what can hide the mark of one
// (strings, quoted names, dollar quotes) is one token. The last two alternatives step over everything else.
const token = new RegExp(
  [
    /(?<line>--[^\n]*)/,
    /(?<block>\/\*)/,
    /[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/,
    /'[^']*(?:''[^']*)*'/,
    /"[^"]*(?:""[^"]*)*"/,
    /\$(?<tag>(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?\$\k<tag>\$/,
    /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
    /;/,
    /[^-/'"$;A-Za-z_\u0080-\uffff]+/,
    /[\s\S]/,
  ]
    .map((part) => part.source)
    .join('|'),
  'y',
);

interface Token {
  text: string;
  offset: number;
  end: number;
  kind: 'line' | 'block' | undefined;
}

/** A script from its first character to its last, comments included. */
export function* readTokens(script: string): Generator<Token> {
  for (let at = 0; at < script.length; ) {
    token.lastIndex = at;
    const { 0: found = '', groups = {} } = token.exec(script) ?? {};
    const end = at + (groups.block ? blockLength(script.slice(at)) : found.length || 1);
    const kind = groups.line ? 'line' : groups.block ? 'block' : undefined;
    yield { text: script.slice(at, end), offset: at, end, kind };
    at = end;
  }
}

/** The comments of a script in the order in which they stand. */
export function readComments(script: string): Comment[] {
  const comments: Comment[] = [];
  if (!script.includes('--') && !script.includes('/*')) return comments;
  for (const { text, offset, end, kind } of readTokens(script)) {
    if (kind === 'line') comments.push({ text: text.slice(2).trim(), offset, end });
    if (kind === 'block') comments.push({ text: text.replace(/^\/\*+|\*+\/$/g, '').trim(), offset, end });
  }
  return comments;
}

/** Comments of this kind nest. */
function blockLength(text: string): number {
  let depth = 0;
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return index + mark.length;
  }
  return text.length;
}
