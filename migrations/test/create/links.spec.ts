import { syncSchemas } from '@bw/migrations/schema';
import { findService } from '@bw/migrations/services';
import { verifyService } from '@bw/migrations/verify';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox, sqlOf } from './sandbox.js';

const user =
  'model User {\n  id String @id @default(uuid(7))\n  email String @unique\n  role Role @default(USER)\n\n  @@map("users")\n}\nenum Role {\n  USER\n}\nmodel Session {\n  id Int @id\n}\n';
const post = (more = '') =>
  `model Post {\n  id String @id\n  createdBy String @map("created_by")\n  ${more}\n\n  @@map("posts")\n}\n`;
const author =
  'authorId String @map("author_id")\n  author User @relation(fields: [authorId], references: [id])';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('auth', user);
  await sandbox.migrate('auth');
  await sandbox.edit('post', post());
  await sandbox.migrate('post');
  await sandbox.query("INSERT INTO auth_schema.users VALUES ('u1', 'a@b.c')");
  await sandbox.query("INSERT INTO post_schema.posts VALUES ('p1', 'u1')");
  await sandbox.edit('post', post(author));
});
afterEach(() => sandbox.remove());

const fills = new Map([['posts.author_id', { sql: 'created_by' }]]);

describe("a relation to another service's model", () => {
  it('becomes a foreign key, with a stand-in here and a grant there', async () => {
    const { migrations, granted } = await sandbox.plan('post', { name: 'add_author_to_posts', fills });
    expect(granted.map((grant) => sqlOf(grant.migrations))).toMatchInlineSnapshot(`
[
  "GRANT USAGE ON SCHEMA "auth_schema" TO "post_owner";
GRANT REFERENCES ON "auth_schema"."users" TO "post_owner";",
]
`);
    expect(sqlOf(migrations)).toContain('REFERENCES auth_schema.users (id)');
    const schema = await sandbox.read('post/prisma/schema.prisma');
    expect(schema.slice(schema.indexOf('/// Belongs'))).toMatchInlineSnapshot(`
"/// Belongs to auth, which alone migrates it: here are only the keys that others refer to.
model User {
  id String @id

  posts Post[]

  @@map("users")
  @@schema("auth_schema")
}
"
`);
    expect(schema).toContain('schemas  = ["post_schema", "auth_schema"]');
  });

  it('holds in the database, and leaves nothing more to do in either service', async () => {
    await sandbox.migrate('post', { fills });
    await expect(sandbox.query("UPDATE post_schema.posts SET author_id = 'nobody'")).rejects.toMatchObject({
      code: '23503',
    });
    expect(await sandbox.create('post')).toEqual([]);
    expect(await sandbox.create('auth')).toEqual([]);
    for (const service of ['auth', 'post'])
      expect(await verifyService(findService(service, sandbox.root), sandbox.urlOf(service))).toMatchObject({
        equal: true,
      });
    await syncSchemas({ root: sandbox.root });
    expect(await sandbox.read('migrations/prisma/schema.prisma')).toMatch(/model User \{[^}]*posts Post\[\]/);
    await sandbox.edit('auth', user.replace('email String', 'name String?\n  email String'));
    expect(sqlOf(await sandbox.migrate('auth'))).toBe('ALTER TABLE auth_schema.users ADD COLUMN name text;');
  });

  it('can be taken back, as long as the stand-in stays for the history', async () => {
    await sandbox.migrate('post', { fills });
    const linked = await sandbox.read('post/prisma/schema.prisma');
    const without = linked.replace(/ +(authorId|author|posts) .*\n/g, '');
    await sandbox.write('post/prisma/schema.prisma', without.replace(/\n\/\/\/ Belongs[^}]*}/, ''));
    await expect(sandbox.create('post')).rejects.toMatchObject({
      code: 'STAND_IN_MISSING',
      message: expect.stringContaining('foreign key to "auth_schema"."users"'),
    });
    await sandbox.write('post/prisma/schema.prisma', without);
    await sandbox.migrate('post', { name: 'drop_author', acceptDataLoss: true });
    expect(await sandbox.create('post')).toEqual([]);
    expect(await sandbox.query('SELECT * FROM post_schema.posts')).toEqual([{ id: 'p1', created_by: 'u1' }]);
  });

  it('keeps the names of the table and of its key, but not that of the model', async () => {
    await sandbox.migrate('post', { fills });
    await syncSchemas({ root: sandbox.root });
    for (const renamed of [
      user.replace('"users"', '"people"'),
      user.replace('id String @id', 'id String @map("user_id") @id'),
    ]) {
      await sandbox.edit('auth', renamed);
      await expect(sandbox.create('auth')).rejects.toMatchObject({
        code: 'NAMED_ELSEWHERE',
        message: expect.stringContaining('the history of post'),
      });
    }
    await sandbox.edit('auth', user.replace('model User', 'model Person'));
    expect(await sandbox.create('auth')).toEqual([]);
  });

  it('writes nothing while a question is open', async () => {
    const before = await sandbox.read('post/prisma/schema.prisma');
    await expect(sandbox.plan('post')).rejects.toMatchObject({ code: 'FILL_NEEDED', exitCode: 2 });
    expect(await sandbox.read('post/prisma/schema.prisma')).toBe(before);
    expect(await sandbox.migrations('auth')).toHaveLength(2);
  });

  it('is refused across databases, with the alternative', async () => {
    const elsewhere = sandbox.urlOf('auth').replace(/\/test_[^?]*/, '/another');
    process.env.AUTH_MIGRATION_DATABASE_URL = elsewhere;
    await expect(sandbox.plan('post', { fills })).rejects.toMatchObject({
      code: 'OTHER_DATABASE',
      hint: 'Keep the id alone, without @relation, and let events of auth tell when one is gone.',
    });
  });
});
