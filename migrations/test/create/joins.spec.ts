import { join } from 'node:path';
import type { MigrationFile } from '@bw/migrations/create';
import { lintServices } from '@bw/migrations/lint';
import { syncSchemas } from '@bw/migrations/schema';
import { findService } from '@bw/migrations/services';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

// Every edit replays the history in databases of its own, several times.
jest.setTimeout(120_000);

const blog = `
model Post {
  id   Int   @id
  tags Tag[]

  @@map("posts")
}

model Tag {
  id    Int    @id
  posts Post[]

  @@map("tags")
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

/** Edits, migrates, and answers which post has which tag. */
async function edit(from: string, renames: [RegExp, string][], options = {}): Promise<void> {
  const to = renames.reduce((text, [old, name]) => text.replaceAll(old, name), from);
  await sandbox.edit('post', to);
  const created = await sandbox.migrate('post', { name: 'rename_models', ...options });
  expect(await lintOf(created)).not.toContain('multi-table-lock');
  expect(await sandbox.create('post')).toEqual([]);
  const [{ misnamed } = {}] = await sandbox.query(
    `SELECT json_agg(conname) AS misnamed FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
      WHERE connamespace = 'post_schema'::regnamespace AND NOT starts_with(conname, relname)`,
  );
  expect(misnamed).toBeNull();
}

/** The rules that the linter finds broken. */
async function lintOf(created: MigrationFile[]): Promise<string[]> {
  const files = created.map(({ name }) =>
    join(sandbox.root, 'post/prisma/migrations', name, 'migration.sql'),
  );
  const findings = await lintServices({ services: [findService('post', sandbox.root)], files });
  return findings.map(({ rule }) => rule);
}

async function begin(schema: string, join: string): Promise<void> {
  await sandbox.edit('post', schema);
  await sandbox.migrate('post');
  await sandbox.query('INSERT INTO post_schema.posts VALUES (1), (2)');
  await sandbox.query('INSERT INTO post_schema.tags VALUES (1), (2)');
  await sandbox.query(`INSERT INTO post_schema."${join}" ("A", "B") VALUES (1, 2)`);
}

const rows = (join: string) => sandbox.query(`SELECT "A", "B" FROM post_schema."${join}"`);

it('adds a relation of many to many between tables in use without stopping either for the other', async () => {
  await sandbox.edit('post', blog.replace(/ {2}(tags|posts) .*\n/g, ''));
  await sandbox.migrate('post');
  await sandbox.edit('post', blog);
  const created = await sandbox.migrate('post');
  expect(await lintOf(created)).toEqual([]);
  expect(created.map(({ name }) => name.replace(/^\d+_make_it_/, ''))).toEqual([
    'change',
    'add_posttotag_b_fkey',
    'validate_posttotag_b_fkey',
  ]);
  expect(await sandbox.create('post')).toEqual([]);
});

it('renames the table of a relation of many to many with its model', async () => {
  await begin(blog, '_PostToTag');
  await edit(blog, [[/\bTag\b/g, 'Topic']]);
  expect(await rows('_PostToTopic')).toEqual([{ A: 1, B: 2 }]);
});

it('exchanges its columns where the models change places in the alphabet', async () => {
  await begin(blog, '_PostToTag');
  await edit(blog, [[/\bTag\b/g, 'Label']]);
  expect(await rows('_LabelToPost')).toEqual([{ A: 2, B: 1 }]);
  await sandbox.query('INSERT INTO post_schema.tags VALUES (3)');
  await sandbox.query('INSERT INTO post_schema."_LabelToPost" ("A", "B") VALUES (3, 1)');
});

it('exchanges them also where the relation has a name of its own, so that the table keeps its name', async () => {
  const named = blog
    .replace('Tag[]', 'Tag[] @relation("tagged")')
    .replace('Post[]', 'Post[] @relation("tagged")');
  await begin(named, '_tagged');
  await edit(named, [[/\bTag\b/g, 'Label']]);
  expect(await rows('_tagged')).toEqual([{ A: 2, B: 1 }]);
});

it('follows a model whose table is renamed in the same edit', async () => {
  await begin(blog, '_PostToTag');
  await edit(
    blog,
    [
      [/\bTag\b/g, 'Label'],
      [/"tags"/g, '"labels"'],
    ],
    { renames: ['tags=labels'] },
  );
  expect(await rows('_LabelToPost')).toEqual([{ A: 2, B: 1 }]);
});

it('asks which is which where two models have two such relations', async () => {
  const twice = blog
    .replace('tags Tag[]', 'tags Tag[] @relation("one")\n  more Tag[] @relation("two")')
    .replace('posts Post[]', 'posts Post[] @relation("one")\n  others Post[] @relation("two")');
  await begin(twice, '_one');
  const edits: [RegExp, string][] = [
    [/"one"/g, '"uno"'],
    [/"two"/g, '"due"'],
  ];
  await expect(edit(twice, edits)).rejects.toMatchObject({ code: 'RENAME_OR_DROP' });
  await edit(twice, edits, { renames: ['_one=_uno', '_two=_due'] });
  expect(await rows('_uno')).toEqual([{ A: 1, B: 2 }]);
});

it('refuses to let one of the models leave the schema of the service, and keeps everything', async () => {
  await begin(blog, '_PostToTag');
  await sandbox.edit('post', blog, ['post_schema', 'archive_schema']);
  const schema = await sandbox.read('post/prisma/schema.prisma');
  const [posts = '', tags = ''] = schema.split('model Tag');
  const moved = `${posts}model Tag${tags.replace('"post_schema"', '"archive_schema"')}`;
  await sandbox.write('post/prisma/schema.prisma', moved);
  await expect(sandbox.create('post', { noRenames: true, acceptDataLoss: true })).rejects.toMatchObject({
    code: 'UNKNOWN_EXTERNAL',
    message: expect.stringContaining(
      'model Tag stands for "archive_schema"."tags", which no service declares',
    ),
    hint: expect.stringContaining('post keeps its own tables in post_schema'),
  });
  expect(await rows('_PostToTag')).toEqual([{ A: 1, B: 2 }]);
});

describe('where a model has such a relation to itself', () => {
  const people = (follows: string, followers: string) => `
model Person {
  id Int @id
  ${follows} Person[] @relation("follows")
  ${followers} Person[] @relation("follows")

  @@map("people")
}
`;

  beforeEach(async () => {
    await sandbox.edit('post', people('follows', 'followers'));
    await sandbox.migrate('post');
    await sandbox.query('INSERT INTO post_schema.people VALUES (1), (2)');
    await sandbox.query(`INSERT INTO post_schema."_follows" ("A", "B") VALUES (1, 2)`);
    await syncSchemas({ root: sandbox.root });
  });

  it('needs nothing as long as its fields keep their order', async () => {
    await sandbox.edit('post', people('follows', 'fans'));
    expect(await sandbox.create('post')).toEqual([]);
    expect(await rows('_follows')).toEqual([{ A: 1, B: 2 }]);
  });

  it('exchanges the columns where a renamed field comes first in the alphabet', async () => {
    await edit(people('admires', 'followers'), []);
    expect(await rows('_follows')).toEqual([{ A: 2, B: 1 }]);
    await syncSchemas({ root: sandbox.root });
    expect(await sandbox.create('post')).toEqual([]);
  });

  it('refuses to guess where both fields have other names', async () => {
    await sandbox.edit('post', people('admires', 'fans'));
    await expect(sandbox.create('post')).rejects.toMatchObject({ code: 'UNCLEAR_RELATION' });
  });
});
