import { describe, expect, it } from '@jest/globals';
import type { Comparison } from './comparison.js';
import { decideBy } from './decide.js';
import { settleRenames } from './find.js';
import type { Mapped } from './mapping.js';
import { keyOf, type Rename, renameStatements } from './rename.js';
import { readShape } from './shape.js';

const table = (name: string, columns: string) => `CREATE TABLE "s"."${name}" (${columns});`;
const model = (name: string, target: string, members: Record<string, string>): Mapped => ({
  kind: 'model',
  name,
  target: { schema: 's', name: target },
  members: new Map(Object.entries(members)),
  lists: new Map(),
});

async function compare(before: string, after: string, earlier: Mapped[] = [], current: Mapped[] = []) {
  const comparison: Comparison = {
    before: await readShape(before),
    after: await readShape(after),
    earlier,
    current,
  };
  return (renames: string[] = [], declineOthers = false) =>
    settleRenames(comparison, decideBy({ renames, declineOthers })).then((settled) => settled.map(keyOf));
}

describe('settleRenames', () => {
  it('knows a field that is mapped to another column since the last sync', async () => {
    const settle = await compare(
      table('t', 'a text, b int'),
      table('t', 'x text, b int'),
      [model('T', 't', { field: 'a' })],
      [model('T', 't', { field: 'x' })],
    );
    expect(await settle()).toEqual(['t.a=x']);
  });

  it('knows a column that bore the name of its field', async () => {
    const settle = await compare(
      table('t', 'phone_number text'),
      table('t', 'phone text'),
      [],
      [model('T', 't', { phoneNumber: 'phone' })],
    );
    expect(await settle()).toEqual(['t.phone_number=phone']);
  });

  it('asks about a table of which half the columns are there again', async () => {
    const settle = await compare(table('t', 'a text, b int'), table('u', 'a text, b int, c int, d int'));
    await expect(settle()).rejects.toMatchObject({ code: 'RENAME_OR_DROP', exitCode: 2 });
    expect(await settle(['t=u'])).toEqual(['t=u']);
    expect(await settle([], true)).toEqual([]);
  });

  it('does not ask about columns of different types, but believes who says so', async () => {
    const settle = await compare(table('t', 'a text'), table('t', 'x int'));
    expect(await settle()).toEqual([]);
    expect(await settle(['t.a=x'])).toEqual(['t.a=x']);
  });

  it('finds a column in a table that was renamed with it', async () => {
    const settle = await compare(
      table('t', 'a text, b int'),
      table('u', 'x text, b int'),
      [model('T', 't', { field: 'a' })],
      [model('T', 'u', { field: 'x' })],
    );
    expect(await settle()).toEqual(['t=u', 'u.a=x']);
  });

  it('refuses a table name that another table keeps', async () => {
    const both = table('t', 'a text') + table('u', 'a text');
    const settle = await compare(both, both, [model('T', 't', {})], [model('T', 'u', {})]);
    await expect(settle()).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  });
});

describe('renameStatements', () => {
  const of = { schema: 's', name: 't' };
  const column = (from: string, to: string): Rename => ({ kind: 'column', of, from, to });

  it('waits for a name until it is free, and opens circles', () => {
    expect(renameStatements([column('a', 'b'), column('b', 'c')])).toEqual([
      'ALTER TABLE "s"."t" RENAME COLUMN "b" TO "c";',
      'ALTER TABLE "s"."t" RENAME COLUMN "a" TO "b";',
    ]);
    expect(renameStatements([column('a', 'b'), column('b', 'a')])).toEqual([
      'ALTER TABLE "s"."t" RENAME COLUMN "a" TO "a__renaming";',
      'ALTER TABLE "s"."t" RENAME COLUMN "b" TO "a";',
      'ALTER TABLE "s"."t" RENAME COLUMN "a__renaming" TO "b";',
    ]);
  });

  it('moves a table to another schema before it renames it', () => {
    const rename: Rename = { kind: 'table', from: of, to: { schema: 'z', name: "o'k" } };
    expect(keyOf(rename)).toBe("s.t=z.o'k");
    expect(renameStatements([rename])).toEqual([
      'ALTER TABLE "s"."t" SET SCHEMA "z";',
      `ALTER TABLE "z"."t" RENAME TO "o'k";`,
    ]);
  });

  it('quotes the values of an enum', () => {
    const rename: Rename = { kind: 'value', of, from: "it's", to: 'IS' };
    expect(renameStatements([rename])).toEqual([`ALTER TYPE "s"."t" RENAME VALUE 'it''s' TO 'IS';`]);
  });
});
