import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadDataMigration, runDataMigration } from '@bw/migrations/data';
import { findService } from '@bw/migrations/services';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox, sqlOf } from './sandbox.js';

const post = (more = '') => `
model Post {
  id    Int     @id @default(autoincrement())
  title String?
  at    DateTime?
  ${more}

  @@map("posts")
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('post', post());
});
afterEach(() => sandbox.remove());

describe('createMigrations', () => {
  it('writes the first migration, and then finds nothing to do', async () => {
    const [first, ...others] = await sandbox.migrate('post', { name: 'Create posts table!' });
    expect(others).toEqual([]);
    expect(first?.name).toMatch(/^\d{14}_create_posts_table$/);
    expect(first?.sql).toMatchInlineSnapshot(`
"CREATE SCHEMA IF NOT EXISTS "post_schema";

CREATE TABLE "post_schema"."posts" (
    "id" SERIAL NOT NULL,
    "title" TEXT,
    "at" TIMESTAMP(3),

    CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);
"
`);
    expect(await sandbox.migrations('post')).toEqual([first?.name, 'migration_lock.toml']);
    expect(await sandbox.create('post')).toEqual([]);
  });

  it.each(['update', 'fix', 'change', 'test', 'update_2', 'Fix the schema'])(
    'refuses the name %s',
    async (name) => {
      await expect(sandbox.create('post', { name })).rejects.toMatchObject({ code: 'VAGUE_NAME' });
      expect(await sandbox.migrations('post')).toEqual([]);
    },
  );

  it('needs a name by flag where nobody can be asked', async () => {
    await expect(sandbox.create('post', { name: undefined })).rejects.toMatchObject({
      code: 'NAME_NEEDED',
      exitCode: 2,
      hint: 'Add one that says what changes: --name add_phone_number_to_users',
    });
  });

  it('tells what it will do and which locks that takes', async () => {
    await sandbox.migrate('post');
    await sandbox.edit('post', post('@@index([title])'));
    let told = '';
    await sandbox.create('post', { onPlanned: (text) => (told = text) });
    expect(told.replace(/\d{14}/, 'TIME')).toMatchInlineSnapshot(`
"TIME_make_it
  -- SHARE UPDATE EXCLUSIVE on post_schema.posts while it is read: blocks only other schema changes and VACUUM
  CREATE INDEX CONCURRENTLY posts_title_idx ON post_schema.posts (title);
"
`);
  });
});

describe('on a table with rows', () => {
  beforeEach(async () => {
    await sandbox.migrate('post');
    await sandbox.query(
      `INSERT INTO post_schema.posts (title) SELECT 'post ' || n FROM generate_series(1, 5000) n`,
    );
  });

  it('fills a required column in, then requires it', async () => {
    await sandbox.edit('post', post('slug String'));
    await expect(sandbox.create('post')).rejects.toMatchObject({ code: 'FILL_NEEDED', exitCode: 2 });
    await sandbox.migrate('post', { fills: new Map([['posts.slug', { sql: "replace(title, ' ', '-')" }]]) });
    const rows = await sandbox.query('SELECT count(*)::int, min(slug) FROM post_schema.posts');
    expect(rows).toEqual([{ count: 5000, min: 'post-1' }]);
    await expect(sandbox.query("INSERT INTO post_schema.posts (title) VALUES ('x')")).rejects.toMatchObject({
      code: '23502',
    });
  });

  it('leaves what needs more than SQL to a data migration, and requires the column only after that has run', async () => {
    await sandbox.edit('post', post('slug String'));
    const { migrations, backfills } = await sandbox.plan('post', {
      fills: new Map([['posts.slug', 'data-migration']]),
    });
    const [file = ''] = backfills.map(({ path }) => path);
    const name = basename(file, '.ts');
    expect(name).toMatch(/^\d{14}_backfill_posts_slug$/);
    expect(await readFile(file, 'utf8')).toMatchInlineSnapshot(`
"import type { DataMigration } from '@bw/migrations/data';

// Rows written from now on must come out right by themselves: deploy the code that writes the new form first.
export default {
  service: 'post',
  table: 'posts',
  where: '"slug" IS NULL',
  set: '',
} satisfies DataMigration;
"
`);
    const steps = migrations.map((each) => each.name.replace(/^\d+_make_it_/, ''));
    expect(steps).toEqual(['alter_posts', 'check_slug', 'validate_slug', 'require_slug']);
    expect(await sandbox.apply('post', migrations)).toMatchObject({ code: 'DATA_MIGRATION_REQUIRED' });
    expect(await sandbox.migrations('post')).toHaveLength(6);

    const run = async () =>
      runDataMigration({
        migration: await loadDataMigration(sandbox.root, name),
        service: findService('post', sandbox.root),
        url: sandbox.urlOf('post'),
      });
    await expect(run()).rejects.toMatchObject({ code: 'NOT_FILLED_IN' });
    await writeFile(file, (await readFile(file, 'utf8')).replace("set: ''", `set: "slug = 'post-' || id"`));
    expect(await run()).toMatchObject({ rows: 5000 });
    expect(await sandbox.migrate('post')).toEqual([]);
    await expect(sandbox.query("INSERT INTO post_schema.posts (title) VALUES ('x')")).rejects.toMatchObject({
      code: '23502',
    });
  });

  it('needs no data migration to have run where there are no rows', async () => {
    await sandbox.query('TRUNCATE post_schema.posts');
    await sandbox.edit('post', post('slug String'));
    const { migrations } = await sandbox.plan('post', { fills: new Map([['posts.slug', 'data-migration']]) });
    expect(await sandbox.apply('post', migrations)).toBeUndefined();
  });

  it('takes no value for a column that needs none', async () => {
    await sandbox.edit('post', post('slug String?'));
    await expect(
      sandbox.create('post', { fills: new Map([['posts.slug', { sql: "'x'" }]]) }),
    ).rejects.toMatchObject({ code: 'NOTHING_TO_FILL' });
  });

  it.each([
    ['a number', 'no Int @default(autoincrement())', 'count(DISTINCT no)::int AS n', 5000],
    [
      'a random key',
      'key String @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
      'count(DISTINCT key)::int AS n',
      5000,
    ],
    ['a constant', 'views Int @default(0) @map("view_count")', 'sum(view_count)::int AS n', 0],
  ])('gives every row %s', async (_, field, question, n) => {
    await sandbox.edit('post', post(field));
    await sandbox.migrate('post');
    expect(await sandbox.query(`SELECT ${question} FROM post_schema.posts`)).toEqual([{ n }]);
    expect(await sandbox.create('post')).toEqual([]);
  });

  it('takes time stamps into UTC without writing the table anew', async () => {
    const files = () => sandbox.query("SELECT pg_relation_filenode('post_schema.posts') AS file");
    const before = await files();
    await sandbox.edit('post', post().replace('at    DateTime?', 'at DateTime? @db.Timestamptz(6)'));
    await sandbox.migrate('post');
    expect(await files()).toEqual(before);
  });

  it('asks for a reason before a table stands still', async () => {
    await sandbox.edit('post', post().replace('title String?', 'title String? @db.VarChar(20)'));
    await expect(sandbox.create('post')).rejects.toMatchObject({ code: 'REWRITES_TABLE', exitCode: 2 });
    const created = await sandbox.migrate('post', { rewriteReason: 'it is small' });
    expect(sqlOf(created)).toContain('because it is small');
  });

  it('keeps the SQL as Prisma wrote it when told', async () => {
    await sandbox.edit('post', post('@@index([title])'));
    const [only, ...others] = await sandbox.migrate('post', { asGenerated: true });
    expect(others).toEqual([]);
    expect(only?.sql).toContain('CREATE INDEX "posts_title_idx" ON');
  });

  it('takes back what could not be applied, and keeps what was', async () => {
    await sandbox.edit('post', post('views Int @default(0)\n  @@unique([title])'));
    const created = await sandbox.create('post');
    await sandbox.query("UPDATE post_schema.posts SET title = 'same'");
    await expect(sandbox.apply('post', created)).rejects.toMatchObject({ code: 'NOT_APPLIED' });
    const history = await sandbox.query<{ migration_name: string }>(
      'SELECT migration_name FROM post_schema._prisma_migrations ORDER BY 1',
    );
    const applied = history.map((row) => row.migration_name);
    expect(await sandbox.migrations('post')).toEqual([...applied, 'migration_lock.toml']);
    await sandbox.query('UPDATE post_schema.posts SET title = id::text');
    await sandbox.migrate('post', { name: 'one_title_each' });
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('a run that was killed while it wrote', () => {
  const journal = () => join(sandbox.root, 'post/prisma/.new-migration.json');

  it('is completed by the next one, and what was edited since is left as it is', async () => {
    await sandbox.migrate('post');
    const schema = join(sandbox.root, 'post/prisma/schema.prisma');
    const folder = (name: string) => join(sandbox.root, 'post/prisma/migrations', name, 'migration.sql');
    const begun = [
      { path: schema, before: 'an older text', after: 'a text to be written' },
      { path: folder('20990101000000_one'), after: 'SELECT 1;' },
      { path: folder('20990101000001_two'), after: 'SELECT 2;' },
    ];
    await sandbox.write('post/prisma/migrations/20990101000000_one/migration.sql', 'SELECT 1;');
    await writeFile(journal(), JSON.stringify(begun));
    let told = '';
    expect(await sandbox.migrate('post', { onPlanned: (text) => (told += text) })).toEqual([]);
    expect(told).toContain('20990101000001_two/migration.sql');
    expect(await readFile(schema, 'utf8')).toContain('model Post');
    const applied = await sandbox.query('SELECT FROM post_schema._prisma_migrations');
    expect(applied).toHaveLength(3);
    expect(existsSync(journal())).toBe(false);
  });

  it('leaves nothing where it had not begun to write', async () => {
    await sandbox.migrate('post');
    await writeFile(`${journal()}.new`, '[{"path":"/');
    expect(await sandbox.create('post')).toEqual([]);
    expect(existsSync(`${journal()}.new`)).toBe(false);
  });
});

describe('bad input leaves nothing behind', () => {
  it('a schema that does not parse', async () => {
    await sandbox.edit('post', post('slug Strin'));
    await expect(sandbox.create('post')).rejects.toMatchObject({
      code: 'INVALID_SCHEMA',
      message: expect.stringMatching(/schema\.prisma:\d+:8: Type "Strin"/),
    });
  });

  it('a database that is not there', async () => {
    const url = 'postgresql://post_owner:x@127.0.0.1:1/postgres?schema=post_schema';
    await expect(sandbox.create('post', { url })).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(await sandbox.migrations('post')).toEqual([]);
  });

  it('a migration that was edited after it was applied', async () => {
    const [first] = await sandbox.migrate('post');
    await sandbox.write(`post/prisma/migrations/${first?.name}/migration.sql`, `${first?.sql}\nSELECT 1;`);
    await sandbox.edit('post', post('slug String?'));
    await expect(sandbox.create('post')).rejects.toMatchObject({ code: 'HISTORY_DIFFERS' });
  });

  it('a folder that cannot be written', async () => {
    await sandbox.migrate('post');
    await sandbox.edit('post', post('slug String?'));
    const folder = join(sandbox.root, 'post/prisma');
    await chmod(sandbox.root, 0o755);
    await chmod(folder, 0o555);
    await asNobody(() => expect(sandbox.create('post')).rejects.toMatchObject({ code: 'NOT_WRITTEN' }));
    await chmod(folder, 0o755);
    expect(await sandbox.migrations('post')).toHaveLength(2);
  });

  it('the last of its files cannot be written', async () => {
    await sandbox.migrate('post');
    await sandbox.edit('post', post('slug String'));
    await sandbox.write('migrations/data-migrations', 'a file where a folder has to be');
    const before = await sandbox.migrations('post');
    const fills = new Map([['posts.slug', 'data-migration' as const]]);
    await expect(sandbox.create('post', { fills })).rejects.toMatchObject({ code: 'NOT_WRITTEN' });
    expect(await sandbox.migrations('post')).toEqual(before);
    expect(existsSync(join(sandbox.root, 'post/prisma/.new-migration.json'))).toBe(false);
  });
});

/** No permission stops root. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
