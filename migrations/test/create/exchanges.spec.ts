import { syncSchemas } from '@bw/migrations/schema';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox, sqlOf } from './sandbox.js';

// Every edit replays the history in databases of its own, several times.
jest.setTimeout(120_000);

interface Names {
  users: string;
  notes: string;
  one: string;
  two: string;
}

const names: Names = { users: 'users', notes: 'notes', one: 'one', two: 'two' };

/** Two tables with the same columns, and on both whatever Prisma names after a table and a column. */
const models = ({ users, notes, one, two }: Names) => `
model User {
  id         Int    @id @default(autoincrement())
  first      Int    @map("${one}")
  second     Int    @map("${two}")
  written    Note[] @relation("writer")
  read       Note[] @relation("reader")

  @@unique([first])
  @@unique([second])
  @@map("${users}")
}

model Note {
  id       Int  @id @default(autoincrement())
  writerId Int  @map("${one}")
  readerId Int  @map("${two}")
  writer   User @relation("writer", fields: [writerId], references: [id])
  reader   User @relation("reader", fields: [readerId], references: [id])

  @@index([writerId])
  @@index([readerId])
  @@map("${notes}")
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('post', models(names));
  await sandbox.migrate('post', { name: 'create_users_and_notes' });
  await sandbox.query('INSERT INTO post_schema.users (one, two) VALUES (1, 2), (3, 4)');
  await sandbox.query('INSERT INTO post_schema.notes (one, two) VALUES (1, 2)');
  await syncSchemas({ root: sandbox.root });
});
afterEach(() => sandbox.remove());

/** Migrates to other names, with nothing left to do. Answers the SQL. */
async function rename(change: Partial<Names>): Promise<string> {
  await sandbox.edit('post', models({ ...names, ...change }));
  const sql = sqlOf(await sandbox.migrate('post', { name: 'exchange_names' }));
  expect(await sandbox.create('post')).toEqual([]);
  return sql;
}

it('lets two tables exchange their names, with all that is named after them', async () => {
  expect(await rename({ users: 'notes', notes: 'users' })).toContain(
    'ALTER TABLE "post_schema"."users" RENAME TO "users__renaming";',
  );
  await sandbox.query('INSERT INTO post_schema.users (one, two) VALUES (2, 1)');
  expect(await sandbox.query('SELECT id, one, two FROM post_schema.users ORDER BY id')).toEqual([
    { id: 1, one: 1, two: 2 },
    { id: 2, one: 2, two: 1 },
  ]);
  expect(await sandbox.query('SELECT two FROM post_schema.notes ORDER BY two')).toEqual([
    { two: 2 },
    { two: 4 },
  ]);
  expect(await sandbox.query("SELECT FROM pg_class WHERE relname LIKE '%renaming%'")).toEqual([]);
});

it('lets a table take the name that another gives up', async () => {
  await rename({ users: 'people', notes: 'users' });
  expect(await sandbox.query('SELECT one, two FROM post_schema.users')).toEqual([{ one: 1, two: 2 }]);
  expect(await sandbox.query('SELECT count(*)::int FROM post_schema.people')).toEqual([{ count: 2 }]);
});

it('lets columns exchange their names where each has an index or a foreign key', async () => {
  await rename({ one: 'two', two: 'one' });
  expect(await sandbox.query('SELECT one, two FROM post_schema.notes')).toEqual([{ one: 2, two: 1 }]);
  expect(await sandbox.query('SELECT one, two FROM post_schema.users WHERE id = 2')).toEqual([
    { one: 4, two: 3 },
  ]);
});

it('lets tables and their columns change names in one edit', async () => {
  await rename({ users: 'notes', notes: 'users', one: 'two', two: 'one' });
  expect(await sandbox.query('SELECT one, two FROM post_schema.users')).toEqual([{ one: 2, two: 1 }]);
  expect(await sandbox.query('SELECT one FROM post_schema.notes ORDER BY one')).toEqual([
    { one: 2 },
    { one: 4 },
  ]);
});
