import { describe, expect, it } from '@jest/globals';
import { checksum } from '../history/index.js';
import { readSteps } from './script.js';

const steps = async (sql: string) => {
  const found = await readSteps({ name: '1_test', file: 'migration.sql', sql, checksum: checksum(sql) });
  return found.map(({ statements, alone }) => ({
    ...(alone && { alone: alone.kind }),
    statements: statements.map(({ text, line }) => `${line}: ${text}`),
  }));
};

describe('the steps of a script', () => {
  it('are one for an ordinary migration, with functions, strings and comments left whole', async () => {
    const body = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT ';'; $$";
    expect(await steps(`-- é; BEGIN;\nSELECT 'a;b';\n/* COMMIT; /* nested */ */ ${body};\n`)).toEqual([
      { statements: ["2: SELECT 'a;b'", `3: ${body}`] },
    ]);
  });

  it('are one for a script in one explicit block, and for an empty one', async () => {
    expect(await steps('BEGIN; SELECT 1; COMMIT;')).toEqual([{ statements: ['1: SELECT 1'] }]);
    expect(await steps('-- This is an empty migration.')).toEqual([{ statements: [] }]);
  });

  it('end at every COMMIT and around what cannot run in a transaction', async () => {
    expect(
      await steps('SELECT 1; BEGIN; SELECT 2; COMMIT;\nCREATE INDEX CONCURRENTLY ON t (a);\nSELECT 3;'),
    ).toEqual([
      { statements: ['1: SELECT 1', '1: SELECT 2'] },
      { alone: 'build-index', statements: ['2: CREATE INDEX CONCURRENTLY ON t (a)'] },
      { statements: ['3: SELECT 3'] },
    ]);
  });

  it.each([
    ['CREATE INDEX CONCURRENTLY i ON t (a)', 'build-index'],
    ['DROP INDEX CONCURRENTLY s.i', 'drop-index'],
    ['REINDEX TABLE CONCURRENTLY t', 'reindex'],
    ['REINDEX (CONCURRENTLY) INDEX i', 'reindex'],
    ['REINDEX SCHEMA s', 'reindex'],
    ['VACUUM t', 'other'],
    ['ALTER TABLE t DETACH PARTITION p CONCURRENTLY', 'detach'],
    ['CREATE DATABASE d', 'other'],
  ])('leave %s alone', async (sql, alone) => {
    expect(await steps(sql)).toEqual([{ alone, statements: [`1: ${sql}`] }]);
  });

  it.each(['CREATE INDEX i ON t (a)', 'REINDEX TABLE t', 'ANALYZE t', 'DROP INDEX i', 'SAVEPOINT a'])(
    'take %s into the transaction',
    async (sql) => {
      expect(await steps(`SELECT 1; ${sql}`)).toHaveLength(1);
    },
  );

  it.each(['BEGIN; SELECT 1;', 'SELECT 1; ROLLBACK;', 'COMMIT AND CHAIN;', "PREPARE TRANSACTION 'x';"])(
    'refuse %s, which would not do what it seems to',
    async (sql) => {
      await expect(steps(sql)).rejects.toMatchObject({ code: 'TRANSACTION_CONTROL' });
    },
  );

  it('leave what does not parse to the server, which says why', async () => {
    expect(await steps('SELEC 1; SELECT 2;')).toEqual([{ statements: ['1: SELEC 1; SELECT 2;'] }]);
  });
});
