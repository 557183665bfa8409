import { describe, expect, it } from '@jest/globals';
import { readBlock } from './block.js';
import { readScript, readStatements, writeIdentifier, writeName, writeType } from './index.js';

describe('readScript', () => {
  it('places statements in a text with characters of more than one byte', async () => {
    const script = '-- Größe 😀\nSELECT \'→;\', "é";\n\n  /* ; */ ALTER TABLE a.b\n  ADD c text ;SELECT 2';
    const { statements } = await readScript(script);
    expect(statements.map(({ text, line, column }) => ({ text, line, column }))).toEqual([
      { text: 'SELECT \'→;\', "é"', line: 2, column: 1 },
      { text: 'ALTER TABLE a.b\n  ADD c text', line: 4, column: 11 },
      { text: 'SELECT 2', line: 5, column: 15 },
    ]);
    for (const { text, offset, end } of statements) expect(script.slice(offset, end)).toBe(text);
  });

  it('gives each comment to the statement it stands before, in, or behind on the same line', async () => {
    const { statements, remainder } = await readScript(
      [
        '-- before',
        'SELECT 1 -- inside',
        '  , 2; -- behind',
        '/* before /* nested */ still */',
        'SELECT 3 -- no semicolon',
        '-- at the end',
      ].join('\n'),
    );
    expect(statements.map(({ comments }) => comments.map(({ text }) => text))).toEqual([
      ['before', 'inside', 'behind'],
      ['before /* nested */ still', 'no semicolon'],
    ]);
    expect(statements.map(({ text }) => text)).toEqual(['SELECT 1 -- inside\n  , 2', 'SELECT 3']);
    expect(remainder.map(({ text }) => text)).toEqual(['at the end']);
  });

  it.each([
    ["SELECT '-- text', E'\\'-- text', \"-- name\""],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $body$ SELECT 1 -- text\n $body$'],
    ['DO $$ BEGIN /* text */ END $$'],
    ["SELECT 'it''s -- text'"],
    ["SELECT date'2020-01-01', a$b$c -- comment\n FROM t"],
  ])('finds no comment where PostgreSQL has none: %s', async (script) => {
    const { statements } = await readScript(script);
    expect(statements[0]?.comments.map(({ text }) => text)).toEqual(
      script.includes('comment') ? ['comment'] : [],
    );
  });

  it('says where a script is wrong', async () => {
    const { problem, statements } = await readScript("SELECT '😀é';\n  SELEC 1");
    expect(statements).toEqual([]);
    expect(problem).toEqual({ message: 'syntax error at or near "SELEC"', offset: 16, line: 2, column: 3 });
    expect(await readStatements('SELEC 1')).toBeUndefined();
  });

  it('reads a script of nothing but white space and comments', async () => {
    expect(await readStatements('')).toEqual([]);
    expect(await readStatements(' \n')).toEqual([]);
    expect((await readScript('-- nothing yet\n')).remainder).toHaveLength(1);
    expect(await readStatements('SELECT 1;\r\n')).toMatchObject([{ text: 'SELECT 1' }]);
  });

  it('reads a script of 20,000 statements without going over it again for each', async () => {
    const script = "-- é\nINSERT INTO a.b VALUES ('é');\n".repeat(20_000);
    const statements = await readStatements(script);
    expect(statements).toHaveLength(20_000);
    expect(statements?.at(-1)).toMatchObject({ line: 40_000, column: 1, comments: [{ text: 'é' }] });
  });
});

describe('names and types', () => {
  it('quotes what PostgreSQL would not read back as it is', () => {
    expect(writeName({ schema: 'auth_schema', name: 'users' })).toBe('auth_schema.users');
    expect(writeName({ schema: undefined, name: 'User' })).toBe('"User"');
    expect(writeIdentifier('user')).toBe('"user"');
    expect(writeIdentifier('a"b')).toBe('"a""b"');
  });

  it('writes types briefly', async () => {
    const [statement] =
      (await readStatements('CREATE TABLE t (a varchar(10), b numeric(10,0)[], c s.kind)')) ?? [];
    const elements =
      statement && 'CreateStmt' in statement.node ? (statement.node.CreateStmt.tableElts ?? []) : [];
    const types = elements.map((element) => 'ColumnDef' in element && writeType(element.ColumnDef.typeName));
    expect(types).toEqual(['varchar(10)', 'numeric(10,0)[]', 's.kind']);
  });
});

it('finds what a DO block runs between the words of PL/pgSQL', async () => {
  const read = async (body: string) => {
    const [statement] = (await readStatements(`DO $do$ ${body} $do$`)) ?? [];
    const { statements = [], isOpen } = (statement && (await readBlock(statement.node))) ?? {};
    return [statements.map(({ text }) => text), isOpen];
  };
  const loop = "FOR n IN 1..2 LOOP UPDATE a SET b = ';'; -- c;\n DELETE FROM a; END LOOP;";
  expect(await read(`BEGIN ${loop} END`)).toEqual([["UPDATE a SET b = ';'", 'DELETE FROM a'], false]);
  const choice = 'IF n > 1 THEN DROP TABLE a; ELSE NULL; END IF;';
  expect(await read(`BEGIN ${choice} EXECUTE 'DROP TABLE b'; END`)).toEqual([['DROP TABLE a'], true]);
});
