/** What stands in a text of SQL or PL/pgSQL, where no grammar says what each part of it is. */
export interface Words {
  /** Names and keywords, as PostgreSQL knows them: in small letters, where they are not quoted. */
  names: Set<string>;
  /** The contents of strings. */
  strings: Set<string>;
}

/** The words of a function's body, as PostgreSQL's own scanner cuts it; none where that refuses it. */
export async function readWords(body: string): Promise<Words> {
  // Of the parsers only this one has the scanner. It is large: it is loaded where there is a function to read.
  const { loadModule, scanSync } = await import('@libpg-query/parser');
  await loadModule();
  const words: Words = { names: new Set(), strings: new Set() };
  read(body);
  // What a function puts together and executes is in its strings.
  if (words.names.has('execute')) for (const text of [...words.strings]) read(text);
  return words;

  function read(text: string): void {
    for (const token of scan(text)) {
      if (token.tokenName === 'SCONST') words.strings.add(contentOf(token.text));
      else if (token.tokenName === 'IDENT' || token.keywordKind > 0) words.names.add(nameIn(token.text));
    }
  }

  function scan(text: string) {
    try {
      return scanSync(text).tokens;
    } catch {
      return [];
    }
  }
}

const nameIn = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();

/** Of `'…'`, `E'…'` and `$tag$…$tag$`. */
function contentOf(text: string): string {
  const mark = text.startsWith('$') ? text.slice(0, text.indexOf('$', 1) + 1) : "'";
  return text.slice(text.indexOf(mark) + mark.length, -mark.length).replaceAll("''", "'");
}
