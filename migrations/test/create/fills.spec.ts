import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { MigrationFile } from '@bw/migrations/create';
import { loadDataMigration, runDataMigration } from '@bw/migrations/data';
import { deployService } from '@bw/migrations/deploy';
import { findService } from '@bw/migrations/services';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

const post = (more = '') => `
model Post {
  id    Int     @id @default(autoincrement())
  title String?
  ${more}

  @@map("posts")
}
`;
const insert = "INSERT INTO post_schema.posts (title) VALUES ('late')";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('post', post());
  await sandbox.migrate('post');
  await sandbox.query("INSERT INTO post_schema.posts (title) SELECT 'early' FROM generate_series(1, 5000)");
});
afterEach(() => sandbox.remove());

const stepsOf = (migrations: MigrationFile[]) =>
  migrations.map(({ name }) => name.replace(/^\d+_make_it_/, ''));

/** Applies the migrations up to one of their steps, lets somebody else write, and applies the rest. */
async function interrupt(migrations: MigrationFile[], step: string, write: () => Promise<unknown>) {
  const later = migrations.slice(stepsOf(migrations).indexOf(step) + 1);
  const folder = (name: string) => join('post/prisma/migrations', name);
  for (const { name } of later) await rm(join(sandbox.root, folder(name)), { recursive: true });
  await sandbox.apply('post', migrations);
  await write();
  for (const { name, sql } of later) await sandbox.write(join(folder(name), 'migration.sql'), sql);
  await sandbox.apply('post', later);
}

describe('a column that becomes required while the running version writes rows without it', () => {
  it('is filled in once more when no row can be without it any longer', async () => {
    await sandbox.edit('post', post('slug String'));
    const fills = new Map([['posts.slug', { sql: "title || '-' || id" }]]);
    const { migrations } = await sandbox.plan('post', { fills });
    expect(stepsOf(migrations)).toEqual([
      'alter_posts',
      'fill_slug',
      'check_slug',
      'refill_slug',
      'validate_slug',
      'require_slug',
    ]);
    await interrupt(migrations, 'fill_slug', () => sandbox.query(insert));
    const rows = "SELECT count(slug)::int, max(slug) FROM post_schema.posts WHERE slug LIKE 'late%'";
    expect(await sandbox.query(rows)).toEqual([{ count: 1, max: 'late-5001' }]);
    expect(await sandbox.query('SELECT FROM post_schema.posts WHERE slug IS NULL')).toEqual([]);
    expect(await sandbox.create('post')).toEqual([]);
  });

  it('also where it was there before', async () => {
    await sandbox.edit('post', post().replace('title String?', 'title String'));
    const fills = new Map([['posts.title', { sql: "'none'" }]]);
    const { migrations } = await sandbox.plan('post', { fills });
    await interrupt(migrations, 'fill_title', () =>
      sandbox.query('INSERT INTO post_schema.posts DEFAULT VALUES'),
    );
    expect(await sandbox.query("SELECT FROM post_schema.posts WHERE title = 'none'")).toHaveLength(1);
  });

  it('also where a default that differs from row to row fills it, and a row was missed', async () => {
    await sandbox.edit('post', post('key String @default(dbgenerated("gen_random_uuid()")) @db.Uuid'));
    const { migrations } = await sandbox.plan('post');
    await interrupt(migrations, 'fill_key', () =>
      sandbox.query('UPDATE post_schema.posts SET key = NULL WHERE id = 1'),
    );
    expect(await sandbox.query('SELECT count(DISTINCT key)::int FROM post_schema.posts')).toEqual([
      { count: 5000 },
    ]);
  });

  it('says what to deploy first, where the column has no default', async () => {
    await sandbox.edit('post', post('slug String'));
    const migrations = await sandbox.migrate('post', {
      fills: new Map([['posts.slug', { sql: 'title' }]]),
    });
    const [check] = migrations.filter(({ name }) => name.endsWith('check_slug'));
    expect(check?.sql).toMatch(
      /^-- From here on a version that leaves this column empty cannot insert rows: /,
    );
    await expect(sandbox.query(insert)).rejects.toMatchObject({ code: '23502' });
  });

  it('is mended by running the data migration again, where that fills it, and the failure says so', async () => {
    await sandbox.edit('post', post('slug String'));
    const fills = new Map([['posts.slug', 'data-migration' as const]]);
    const { migrations, backfills } = await sandbox.plan('post', { fills });
    await sandbox.apply('post', migrations);
    const [file = ''] = backfills.map(({ path }) => path);
    await writeFile(file, (await readFile(file, 'utf8')).replace("set: ''", `set: "slug = 'post-' || id"`));
    const options = { service: findService('post', sandbox.root), url: sandbox.urlOf('post') };
    const migration = await loadDataMigration(sandbox.root, basename(file, '.ts'));
    await runDataMigration({ ...options, migration });
    await sandbox.query(insert);
    await expect(deployService(options)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      hint: expect.stringMatching(/WHERE the column IS NULL.*yarn db data run DATA_MIGRATION --restart/),
    });
    await runDataMigration({ ...options, migration, restart: true });
    const { applied } = await deployService(options);
    expect(applied.map((name) => name.replace(/^\d+_make_it_/, ''))).toEqual([
      'validate_slug',
      'require_slug',
    ]);
  });
});

describe('a value that PostgreSQL does not take', () => {
  it.each([
    ['does not parse', "'x", 'is not an SQL expression'],
    ['is more than a value', '1), (2', 'is not an SQL expression'],
    ['names a column that is not there', 'nosuch', 'column "nosuch" does not exist'],
    ['is of another type', "'x'", 'invalid input syntax for type integer'],
  ])('is refused as such: one that %s', async (_, sql, why) => {
    await sandbox.edit('post', post('views Int'));
    await expect(
      sandbox.create('post', { fills: new Map([['posts.views', { sql }]]) }),
    ).rejects.toMatchObject({
      code: 'BAD_EXPRESSION',
      message: expect.stringMatching(new RegExp(`^The value for posts.views .*${why}`)),
      hint: expect.stringContaining('--fill "posts.views='),
    });
    expect(await sandbox.migrations('post')).toHaveLength(2);
  });
});
