import type { Rename } from '@bw/migrations/renames';
import { syncSchemas } from '@bw/migrations/schema';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox, sqlOf } from './sandbox.js';

const users = `
model User {
  id          Int     @id @default(autoincrement())
  email       String  @unique
  phoneNumber String? @map("phone_number")
  nick        String? @map("nick_name")
  role        Role    @default(USER)
  notes       Note[]

  @@index([phoneNumber])
  @@map("users")
}

model Note {
  id     Int    @id @default(autoincrement())
  userId Int    @map("user_id")
  user   User   @relation(fields: [userId], references: [id])

  @@map("notes")
}

enum Role {
  USER
  ADMIN

  @@map("role")
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('auth', users);
  await sandbox.migrate('auth');
  await sandbox.query(
    `INSERT INTO auth_schema.users (email, phone_number, nick_name, role) VALUES ('a@b.c', '123', 'a', 'ADMIN')`,
  );
  await sandbox.query('INSERT INTO auth_schema.notes (user_id) VALUES (1)');
});
afterEach(() => sandbox.remove());

/** Edits the schema by replacing texts, creates and applies, and proves that nothing is left to do. */
async function rename(replacements: [string, string][], options = {}): Promise<string> {
  const text = replacements.reduce((schema, [from, to]) => schema.replaceAll(from, to), users);
  await sandbox.edit('auth', text);
  const created = await sandbox.migrate('auth', { name: 'rename_things', ...options });
  expect(await sandbox.create('auth')).toEqual([]);
  return sqlOf(created);
}

describe('a rename keeps the data', () => {
  it('of a column, with the index that is named after it', async () => {
    expect(await rename([['"phone_number"', '"phone"']])).toMatchInlineSnapshot(`
"ALTER TABLE "auth_schema"."users" RENAME COLUMN "phone_number" TO "phone";

ALTER INDEX "auth_schema"."users_phone_number_idx" RENAME TO "users_phone_idx";"
`);
    expect(await sandbox.query('SELECT phone FROM auth_schema.users')).toEqual([{ phone: '123' }]);
  });

  it('of a table, with its keys, indexes and foreign keys', async () => {
    await syncSchemas({ root: sandbox.root });
    expect(await rename([['@@map("users")', '@@map("people")']])).toMatchInlineSnapshot(`
"ALTER TABLE "auth_schema"."users" RENAME TO "people";

ALTER SEQUENCE IF EXISTS "auth_schema"."users_id_seq" RENAME TO "people_id_seq";

ALTER TABLE "auth_schema"."people" RENAME CONSTRAINT "users_pkey" TO "people_pkey";

ALTER INDEX "auth_schema"."users_email_key" RENAME TO "people_email_key";

ALTER INDEX "auth_schema"."users_phone_number_idx" RENAME TO "people_phone_number_idx";"
`);
    expect(await sandbox.query('SELECT email FROM auth_schema.people')).toEqual([{ email: 'a@b.c' }]);
    await sandbox.query(`INSERT INTO auth_schema.people (email) VALUES ('b@b.c')`);
  });

  it('of an enum and of one of its values', async () => {
    await syncSchemas({ root: sandbox.root });
    const sql = await rename([
      ['@@map("role")', '@@map("user_role")'],
      ['  ADMIN', '  ADMIN @map("admin")'],
    ]);
    expect(sql).toMatchInlineSnapshot(`
"ALTER TYPE "auth_schema"."role" RENAME TO "user_role";

ALTER TYPE "auth_schema"."user_role" RENAME VALUE 'ADMIN' TO 'admin';"
`);
    expect(await sandbox.query('SELECT role FROM auth_schema.users')).toEqual([{ role: 'admin' }]);
  });

  it('of two columns that exchange their names', async () => {
    await syncSchemas({ root: sandbox.root });
    const sql = await rename([
      ['"phone_number"', '"other"'],
      ['"nick_name"', '"phone_number"'],
      ['"other"', '"nick_name"'],
    ]);
    expect(sql).toMatchInlineSnapshot(`
"ALTER TABLE "auth_schema"."users" RENAME COLUMN "phone_number" TO "phone_number__renaming";

ALTER TABLE "auth_schema"."users" RENAME COLUMN "nick_name" TO "phone_number";

ALTER TABLE "auth_schema"."users" RENAME COLUMN "phone_number__renaming" TO "nick_name";

ALTER INDEX "auth_schema"."users_phone_number_idx" RENAME TO "users_nick_name_idx";"
`);
    expect(await sandbox.query('SELECT phone_number, nick_name FROM auth_schema.users')).toEqual([
      { phone_number: 'a', nick_name: '123' },
    ]);
  });

  it('together with a change of the type that the table survives', async () => {
    await syncSchemas({ root: sandbox.root });
    await rename([['phoneNumber String? @map("phone_number")', 'phoneNumber String @map("phone")']]);
    expect(await sandbox.query('SELECT phone FROM auth_schema.users')).toEqual([{ phone: '123' }]);
  });

  it('of a column whose type changes too, as far as PostgreSQL can convert it', async () => {
    await syncSchemas({ root: sandbox.root });
    const edit: [string, string][] = [
      ['phoneNumber String? @map("phone_number")', 'phoneNumber String? @map("phone") @db.VarChar(20)'],
    ];
    await rename(edit, { rewriteReason: 'it has one row' });
    expect(await sandbox.query('SELECT phone FROM auth_schema.users')).toEqual([{ phone: '123' }]);
  });

  it('of a serial column, with its sequence', async () => {
    await syncSchemas({ root: sandbox.root });
    const sql = await rename([
      ['@default(autoincrement())\n  email', '@default(autoincrement()) @map("user_no")\n  email'],
      ['@@map("users")', '@@map("people")'],
    ]);
    expect(sql).toContain(
      'ALTER SEQUENCE IF EXISTS "auth_schema"."users_id_seq" RENAME TO "people_user_no_seq";',
    );
    await sandbox.query(`INSERT INTO auth_schema.people (email) VALUES ('b@b.c')`);
    const named = "pg_get_serial_sequence('auth_schema.people', 'user_no')";
    expect(await sandbox.query(`SELECT ${named} AS name`)).toEqual([
      { name: 'auth_schema.people_user_no_seq' },
    ]);
  });

  it('of several tables, columns and values at once', async () => {
    await syncSchemas({ root: sandbox.root });
    await rename([
      ['@@map("users")', '@@map("people")'],
      ['@@map("notes")', '@@map("remarks")'],
      ['"user_id"', '"person_id"'],
      ['"nick_name"', '"nick"'],
      ['@unique', '@unique @map("mail")'],
    ]);
    expect(
      await sandbox.query(
        'SELECT mail, nick FROM auth_schema.people p JOIN auth_schema.remarks r ON r.person_id = p.id',
      ),
    ).toEqual([{ mail: 'a@b.c', nick: 'a' }]);
  });

  it('of a field without a map, when told', async () => {
    const edit: [string, string][] = [['nick        String? @map("nick_name")', 'handle String?']];
    await rename(edit, { renames: ['users.nick_name=handle'] });
    expect(await sandbox.query('SELECT handle FROM auth_schema.users')).toEqual([{ handle: 'a' }]);
  });
});

describe('what only the author knows', () => {
  beforeEach(() =>
    sandbox.edit('auth', users.replace('nick        String? @map("nick_name")', 'handle String?')),
  );

  it('is asked, where somebody can be asked', async () => {
    const asked: string[] = [];
    const never = () => Promise.reject(new Error('not to be asked'));
    const asker = {
      name: never,
      fill: never,
      loseData: never,
      rename: async (gone: string, [first]: Rename[]) => {
        asked.push(gone);
        return first;
      },
    };
    await sandbox.migrate('auth', { asker });
    expect(asked).toEqual(['users.nick_name']);
    expect(await sandbox.query('SELECT handle FROM auth_schema.users')).toEqual([{ handle: 'a' }]);
  });

  it('is otherwise refused with the flags that answer it, and nothing is written', async () => {
    const before = await sandbox.migrations('auth');
    const error = await sandbox.create('auth').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'RENAME_OR_DROP', exitCode: 2 });
    expect(`${(error as Error).message}\n${(error as { hint: string }).hint}`).toMatchInlineSnapshot(`
"Renamed, or dropped with its data and made new? users.nick_name is gone and handle is new.
Add --rename users.nick_name=handle to keep the data, or --no-renames if nothing was renamed."
`);
    expect(await sandbox.migrations('auth')).toEqual(before);
  });

  it('drops data only when that is said', async () => {
    await expect(sandbox.create('auth', { noRenames: true })).rejects.toMatchObject({
      code: 'DATA_LOSS',
      exitCode: 2,
      message: expect.stringContaining('auth_schema.users.nick_name, which holds a value in 1 row'),
    });
    await sandbox.migrate('auth', { noRenames: true, acceptDataLoss: true });
    expect(await sandbox.query('SELECT handle FROM auth_schema.users')).toEqual([{ handle: null }]);
  });

  it.each([
    ['users.nick_name=handel', 'there is no new users.handel in the schema', 'users.nick_name=handle'],
    [
      'users.nik_name=handle',
      'there is no users.nik_name that is gone from the schema',
      'users.nick_name=handle',
    ],
    ['userz=people', 'there is no userz that is gone from the schema', 'users.nick_name=handle'],
  ])('refuses %s, which fits nothing, before it asks anything', async (rename, missing, fits) => {
    await expect(sandbox.create('auth', { renames: [rename] })).rejects.toMatchObject({
      code: 'UNKNOWN_RENAME',
      message: `Nothing fits --rename ${rename}: ${missing}.`,
      hint: `What fits: ${fits}.`,
    });
  });

  it('refuses such a rename of a table and of an enum too', async () => {
    const renamed = users
      .replace('@@map("users")', '@@map("people")')
      .replace('@@map("role")', '@@map("kind")');
    await sandbox.edit('auth', renamed);
    await expect(sandbox.create('auth', { renames: ['users=persons'] })).rejects.toMatchObject({
      message: 'Nothing fits --rename users=persons: there is no new persons in the schema.',
      hint: 'What fits: users=people.',
    });
    await expect(sandbox.create('auth', { renames: ['role=sort'] })).rejects.toMatchObject({
      message: 'Nothing fits --rename role=sort: there is no new sort in the schema.',
      hint: 'What fits: role=kind.',
    });
  });

  it('tells what a type that cannot be converted would throw away, under the name it still has', async () => {
    await sandbox.edit('auth', users);
    await syncSchemas({ root: sandbox.root });
    await sandbox.edit('auth', users.replace('String? @map("phone_number")', 'Int? @map("phone")'));
    await expect(sandbox.create('auth')).rejects.toMatchObject({
      code: 'DATA_LOSS',
      message: expect.stringContaining('auth_schema.users.phone_number, which holds a value in 1 row'),
    });
  });

  it('refuses to give a table a name that another one keeps', async () => {
    await sandbox.edit('auth', users);
    await syncSchemas({ root: sandbox.root });
    const withoutNotes = users.replace(/\nmodel Note[^}]*}\n/, '').replace('  notes       Note[]\n', '');
    await sandbox.edit('auth', withoutNotes.replace('@@map("users")', '@@map("notes")'));
    await expect(sandbox.create('auth')).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      hint: expect.stringContaining('in a migration of its own'),
    });
    expect(await sandbox.migrations('auth')).toHaveLength(2);
  });

  it('refuses to give a column a name that another one keeps', async () => {
    await sandbox.edit('auth', users);
    await syncSchemas({ root: sandbox.root });
    await sandbox.edit(
      'auth',
      users.replace('  nick        String? @map("nick_name")\n', '').replace('"phone_number"', '"nick_name"'),
    );
    await expect(sandbox.create('auth')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  });
});
