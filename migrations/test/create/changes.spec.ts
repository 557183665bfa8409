import { join } from 'node:path';
import type { MigrationFile } from '@bw/migrations/create';
import { lintServices } from '@bw/migrations/lint';
import { findService } from '@bw/migrations/services';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox, sqlOf } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

/** Every session from now on begins in a time zone far from UTC. */
const leaveUtc = () =>
  sandbox.query(`DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Tokyo''', current_database());
  END $$`);

const steps = (created: MigrationFile[]) => created.map(({ name }) => name.replace(/^\d+_make_it_/, ''));

/** What the linter says of migrations. */
async function lintOf(created: MigrationFile[]): Promise<string[]> {
  const files = created.map(({ name }) =>
    join(sandbox.root, 'post/prisma/migrations', name, 'migration.sql'),
  );
  const findings = await lintServices({ services: [findService('post', sandbox.root)], files });
  return findings.map(({ rule }) => rule);
}

describe('a type that changes', () => {
  it('keeps every moment what it was, also where the table is written anew', async () => {
    const visit = (type: string) => `
model Visit {
  id Int @id
  at DateTime ${type}
}
`;
    await sandbox.edit('post', visit(''));
    await sandbox.migrate('post');
    await sandbox.query(`INSERT INTO post_schema."Visit" VALUES (1, '2026-01-01 12:00')`);
    await leaveUtc();
    await sandbox.edit('post', visit('@db.Timestamptz(3)'));
    await sandbox.migrate('post', { rewriteReason: 'it is small' });
    const rows = await sandbox.query(`SELECT (at AT TIME ZONE 'UTC')::text AS utc FROM post_schema."Visit"`);
    expect(rows).toEqual([{ utc: '2026-01-01 12:00:00' }]);
  });

  it('widens a key that counts by itself together with its sequence', async () => {
    const order = (type: string) => `
model Order {
  id ${type} @id @default(autoincrement())
}
`;
    await sandbox.edit('post', order('Int'));
    await sandbox.migrate('post');
    await sandbox.edit('post', order('BigInt'));
    await sandbox.migrate('post', { rewriteReason: 'it is small' });
    await sandbox.query(`SELECT setval('post_schema."Order_id_seq"', 3000000000)`);
    const rows = await sandbox.query('INSERT INTO post_schema."Order" DEFAULT VALUES RETURNING id');
    expect(rows).toEqual([{ id: '3000000001' }]);
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('values that are added to an enum', () => {
  const car = (values: string, first: string) => `
enum Color {
  ${values}
}

model Car {
  id    Int   @id
  color Color @default(${first})
}
`;

  it('stand where the schema has them, and one can be the default at once', async () => {
    await sandbox.edit('post', car('RED\n  GREEN', 'RED'));
    await sandbox.migrate('post');
    await sandbox.edit('post', car('BLACK\n  RED\n  YELLOW\n  LIME\n  GREEN\n  PINK', 'PINK'));
    const created = await sandbox.migrate('post');
    expect(created).toHaveLength(2);
    const rows = await sandbox.query<{ values: string }>(
      'SELECT enum_range(NULL::post_schema."Color")::text AS values',
    );
    expect(rows).toEqual([{ values: '{BLACK,RED,YELLOW,LIME,GREEN,PINK}' }]);
    expect(
      await sandbox.query('INSERT INTO post_schema."Car" (id) VALUES (1) RETURNING color::text'),
    ).toEqual([{ color: 'PINK' }]);
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('a relation that does something else on delete', () => {
  const pages = (onDelete: string) => `
model Book {
  id    Int    @id
  pages Page[]
}

model Page {
  id     Int  @id
  bookId Int
  book   Book @relation(fields: [bookId], references: [id], onDelete: ${onDelete})
}
`;

  it('has a foreign key at every moment of the way', async () => {
    await sandbox.edit('post', pages('Restrict'));
    await sandbox.migrate('post');
    await sandbox.query(`INSERT INTO post_schema."Book" VALUES (1)`);
    await sandbox.query(`INSERT INTO post_schema."Page" VALUES (1, 1)`);
    await sandbox.edit('post', pages('Cascade'));
    const created = await sandbox.migrate('post');
    expect(sqlOf(created)).toMatchInlineSnapshot(`
"ALTER TABLE post_schema."Page" DROP CONSTRAINT "Page_bookId_fkey" RESTRICT, ADD CONSTRAINT "Page_bookId_fkey" FOREIGN KEY ("bookId") REFERENCES post_schema."Book" (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;
--
ALTER TABLE "post_schema"."Page" VALIDATE CONSTRAINT "Page_bookId_fkey";"
`);
    await sandbox.query('DELETE FROM post_schema."Book"');
    expect(await sandbox.query('SELECT FROM post_schema."Page"')).toEqual([]);
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('a number that begins to count by itself', () => {
  const ticket = (more: string) => `
model Ticket {
  id Int @id ${more}
}
`;

  it.each([
    ['after the highest there is', 'VALUES (3), (7)', 8],
    ['at 1 where there are no rows', 'SELECT 5 WHERE false', 1],
    ['at 1 where all are below that', 'VALUES (-3)', 1],
  ])('goes on %s', async (_, rows, id) => {
    await sandbox.edit('post', ticket(''));
    await sandbox.migrate('post');
    await sandbox.query(`INSERT INTO post_schema."Ticket" ${rows}`);
    await sandbox.edit('post', ticket('@default(autoincrement())'));
    expect(await sandbox.migrate('post')).toHaveLength(1);
    const inserted = await sandbox.query('INSERT INTO post_schema."Ticket" DEFAULT VALUES RETURNING id');
    expect(inserted).toEqual([{ id }]);
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('an index that another one replaces', () => {
  const page = (indexes: string, fields = 'a Int\n  b Int') => `
model Page {
  id Int @id
  ${fields}
  ${indexes}
}
`;
  it.each([
    ['@@unique([a])', '@@unique([a, b])', ['build_page_a_b_key', 'drop_page_a_key']],
    ['@@index([a, b])', '@@index([a])', ['build_page_a_idx', 'drop_page_a_b_idx']],
    ['@@unique([a])', '@@index([a])', ['build_page_a_idx', 'drop_page_a_key']],
    ['@@index([a], map: "by")', '@@index([a, b], map: "by")', ['build_by', 'drop_by', 'rename_by']],
  ])('is there until the other is: %s to %s', async (from, to, order) => {
    await sandbox.edit('post', page(from));
    await sandbox.migrate('post');
    await sandbox.edit('post', page(to));
    const created = await sandbox.migrate('post');
    expect(steps(created)).toEqual(order);
    expect(await sandbox.create('post')).toEqual([]);
    expect(await lintOf(created)).toEqual([]);
  });

  it('goes first where its column goes, or where it forbids what is filled in', async () => {
    await sandbox.edit('post', page('@@index([a])\n  @@unique([b])', 'a Int\n  b Int?\n  c Int @default(0)'));
    await sandbox.migrate('post');
    await sandbox.query('INSERT INTO post_schema."Page" VALUES (1, 1, NULL), (2, 2, NULL)');
    await sandbox.edit('post', page('@@index([b, c])', 'b Int\n  c Int @default(0)'));
    const fills = new Map([['Page.b', { sql: '0' }]]);
    const created = await sandbox.migrate('post', { fills, acceptDataLoss: true });
    expect(steps(created).slice(0, 2)).toEqual(['drop_page_a_idx', 'drop_page_b_key']);
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('another primary key', () => {
  const page = (fields: string, more = '') => `
model Page {
  ${fields}
}
${more}`;
  const line = (fields = '') => `
model Line {
  id     Int @id
  pageId Int
  ${fields}
}
`;
  const relation = 'page Page @relation(fields: [pageId], references: [id])';
  const keyOf = () =>
    sandbox.query(
      `SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = 'post_schema."Page"'::regclass AND contype = 'p'`,
    );

  it.each([
    ['of another column', 'id Int @unique\n  a Int @id', 'PRIMARY KEY (a)'],
    ['of two', 'id Int\n  a Int\n  @@id([a, id])', 'PRIMARY KEY (a, id)'],
    ['under another name', 'id Int @unique\n  a Int\n  @@id([a], map: "page_key")', 'PRIMARY KEY (a)'],
    ['in place of one that goes', 'key Int @id @default(autoincrement())\n  a Int?', 'PRIMARY KEY (key)'],
  ])(
    '%s takes over an index that was built before, when its columns are required',
    async (_, fields, key) => {
      await sandbox.edit('post', page('id Int @id\n  a Int?'));
      await sandbox.migrate('post');
      await sandbox.query('INSERT INTO post_schema."Page" VALUES (1, 5), (2, 6)');
      await sandbox.edit('post', page(fields));
      const created = await sandbox.migrate('post', { noRenames: true, acceptDataLoss: true });
      expect(steps(created).slice(-2)).toEqual([
        expect.stringMatching(/^require_/),
        expect.stringMatching(/^add_/),
      ]);
      expect(await keyOf()).toEqual([{ key }]);
      expect(await sandbox.query('SELECT FROM post_schema."Page"')).toHaveLength(2);
      expect(await sandbox.create('post')).toEqual([]);
      expect((await lintOf(created)).filter((rule) => rule !== 'drop-column')).toEqual([]);
    },
  );

  it('is made in steps where a foreign key refers to the old one', async () => {
    await sandbox.edit('post', page('id Int @id\n  a Int\n  lines Line[]', line(relation)));
    await sandbox.migrate('post');
    await sandbox.edit('post', page('id Int @unique\n  a Int @id\n  lines Line[]', line(relation)));
    await expect(sandbox.create('post')).rejects.toMatchObject({
      code: 'KEY_IN_USE',
      message: expect.stringContaining(
        'the foreign key Line_pageId_fkey of "post_schema"."Line" refers to the old one',
      ),
      hint: expect.stringContaining('take the relation out'),
    });
    for (const [fields, more] of [
      ['id Int @id\n  a Int', ''],
      ['id Int @unique\n  a Int @id', ''],
      ['id Int @unique\n  a Int @id\n  lines Line[]', relation],
    ] as const) {
      await sandbox.edit('post', page(fields, line(more)));
      await sandbox.migrate('post');
    }
    expect(await keyOf()).toEqual([{ key: 'PRIMARY KEY (a)' }]);
  });
});
