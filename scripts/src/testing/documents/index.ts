import { readFileSync } from 'node:fs';
import { marked, type Tokens } from 'marked';

/** A fenced block of a Markdown document. */
export interface Block {
  language: string;
  text: string;
  /** The chapter it stands in, outermost heading first. */
  headings: string[];
}

/** The blocks of a document, in the order in which one reads them. */
export function readBlocks(file: string): Block[] {
  const headings: string[] = [];
  const blocks: Block[] = [];
  // Blocks may stand inside of lists and quotes, headings do not.
  for (const token of marked.lexer(readFileSync(file, 'utf8'))) {
    if (token.type === 'heading') headings.splice(token.depth - 1, Number.POSITIVE_INFINITY, token.text);
    marked.walkTokens([token], (inner) => {
      if (isCode(inner))
        blocks.push({ language: inner.lang ?? '', text: inner.text, headings: [...headings] });
    });
  }
  return blocks;
}

/** The commands of a shell block: one per line, longer where a line continues or a here-document follows. */
export function commandsOf({ text }: Pick<Block, 'text'>): string[] {
  const lines = text.split('\n');
  const commands: string[] = [];
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const command = [line];
    while (command.at(-1)?.endsWith('\\') && lines.length > 0) command.push(lines.shift() ?? '');
    const end = /<<-?\s*['"]?(\w+)['"]?/.exec(line)?.[1];
    while (end && command.at(-1)?.trim() !== end && lines.length > 0) command.push(lines.shift() ?? '');
    if (line.trim() !== '' && !line.trimStart().startsWith('#')) commands.push(command.join('\n'));
  }
  return commands;
}

/** Where a document's links lead within the repository. */
export function linksOf(file: string): string[] {
  const links: string[] = [];
  marked.walkTokens(marked.lexer(readFileSync(file, 'utf8')), (token) => {
    if (isLink(token) && !/^[a-z]+:/.test(token.href)) links.push(decodeURI(token.href));
  });
  return links;
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(file: string): string[] {
  const headings = marked.lexer(readFileSync(file, 'utf8')).filter((token) => token.type === 'heading');
  return headings.map(({ text }: Tokens.Generic) =>
    String(text)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const isLink = (token: { type: string }): token is Tokens.Link | Tokens.Image =>
  token.type === 'link' || token.type === 'image';

const isCode = (token: { type: string }): token is Tokens.Code => token.type === 'code';
