import { describe, expect, it } from '@jest/globals';
import { Catalog, replay } from '../locks/index.js';
import { readStatements } from '../sql/index.js';
import { columnsToFill, type Fill, rewrite } from './index.js';

const before = new Catalog('s');
const made = await readStatements(`
  CREATE TABLE "s"."posts" ("id" TEXT NOT NULL, "views" INTEGER, "title" VARCHAR(80), "at" TIMESTAMP(3), "price" DECIMAL(10,2));
  CREATE TABLE "s"."users" ("id" TEXT NOT NULL);
  CREATE TABLE "s"."tickets" ("no" SERIAL NOT NULL);
  CREATE TYPE "s"."Color" AS ENUM ('RED', 'GREEN');
`);
for (const { node } of made ?? []) replay(node, before);

async function rewritten(
  sql: string,
  fills: Record<string, Fill> = {},
  rewriteReason?: string,
): Promise<string> {
  const declared = new Map([['s.Color', ['RED', 'YELLOW', 'LIME', 'GREEN', 'PINK']]]);
  const given = new Map(Object.entries(fills));
  const drafts = await rewrite(sql, { before, declared, fills: given, rewriteReason });
  return drafts.map(({ label, sql }) => `== ${label}\n${sql}`).join('\n');
}

describe('rewrite', () => {
  it('leaves tables that are made in the same edit as they are', async () => {
    const sql = `CREATE TABLE "s"."tokens" ("id" TEXT NOT NULL, "user_id" TEXT NOT NULL, CONSTRAINT "tokens_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "tokens_token_key" ON "s"."tokens"("id");
ALTER TABLE "s"."tokens" ADD CONSTRAINT "tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "s"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== change
CREATE TABLE "s"."tokens" ("id" TEXT NOT NULL, "user_id" TEXT NOT NULL, CONSTRAINT "tokens_pkey" PRIMARY KEY ("id"));

CREATE UNIQUE INDEX "tokens_token_key" ON "s"."tokens"("id");

ALTER TABLE "s"."tokens" ADD CONSTRAINT "tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "s"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
"
`);
  });

  it('builds and drops indexes concurrently, each in a migration of its own', async () => {
    const sql = `DROP INDEX "s"."posts_title_idx";
CREATE INDEX "posts_views_idx" ON "s"."posts" USING GIN ("views" int4_ops) WHERE ("views" IS NOT NULL);
CREATE UNIQUE INDEX "posts_title_key" ON "s"."posts"("title" DESC);`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== drop_posts_title_idx
DROP INDEX CONCURRENTLY "s"."posts_title_idx";

== build_posts_views_idx
CREATE INDEX CONCURRENTLY posts_views_idx ON s.posts USING gin (views int4_ops) WHERE views IS NOT NULL;

== build_posts_title_key
CREATE UNIQUE INDEX CONCURRENTLY posts_title_key ON s.posts (title DESC);
"
`);
  });

  it('adds a foreign key unchecked and validates it later', async () => {
    const sql = `ALTER TABLE "s"."posts" ADD CONSTRAINT "posts_author_fkey" FOREIGN KEY ("author") REFERENCES "s"."users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== add_posts_author_fkey
ALTER TABLE s.posts ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES s.users (id) ON UPDATE CASCADE ON DELETE RESTRICT NOT VALID;

== validate_posts_author_fkey
ALTER TABLE "s"."posts" VALIDATE CONSTRAINT "posts_author_fkey";
"
`);
  });

  it('adds a required column empty, fills it and only then requires it', async () => {
    const sql = `ALTER TABLE "s"."posts" ADD COLUMN     "author_id" VARCHAR(10) NOT NULL, ADD COLUMN "n" INTEGER NOT NULL DEFAULT 0;`;
    expect(await columnsToFill(sql)).toEqual([{ table: '"s"."posts"', column: 'author_id', isNew: true }]);
    expect(await rewritten(sql, { '"s"."posts".author_id': { sql: '"created_by"' } })).toMatchInlineSnapshot(`
"== alter_posts
ALTER TABLE s.posts ADD COLUMN author_id varchar(10), ADD COLUMN n int NOT NULL DEFAULT 0;

== fill_author_id
DO $$
DECLARE
  pages CONSTANT bigint := pg_relation_size('"s"."posts"') / current_setting('block_size')::bigint;
  step CONSTANT bigint := 40;
BEGIN
  FOR page IN 0 .. pages BY step LOOP
    UPDATE "s"."posts" SET "author_id" = "created_by"
    WHERE "author_id" IS NULL AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid;
    COMMIT;
  END LOOP;
END $$;

== check_author_id
-- From here on a version that leaves this column empty cannot insert rows: deploy code that writes it first, or give the column a default.
ALTER TABLE "s"."posts" ADD CONSTRAINT "posts_author_id_not_null" CHECK ("author_id" IS NOT NULL) NOT VALID;

== refill_author_id
DO $$
DECLARE
  pages CONSTANT bigint := pg_relation_size('"s"."posts"') / current_setting('block_size')::bigint;
  step CONSTANT bigint := 40;
BEGIN
  FOR page IN 0 .. pages BY step LOOP
    UPDATE "s"."posts" SET "author_id" = "created_by"
    WHERE "author_id" IS NULL AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid;
    COMMIT;
  END LOOP;
END $$;

== validate_author_id
ALTER TABLE "s"."posts" VALIDATE CONSTRAINT "posts_author_id_not_null";

== require_author_id
ALTER TABLE "s"."posts" ALTER COLUMN "author_id" SET NOT NULL;
ALTER TABLE "s"."posts" DROP CONSTRAINT "posts_author_id_not_null";
"
`);
  });

  it.each([
    ['a function', 'ADD COLUMN "key" UUID NOT NULL DEFAULT gen_random_uuid()'],
    ['a sequence', 'ADD COLUMN "no" BIGSERIAL NOT NULL'],
  ])('takes a default from %s for new rows at once, for old ones bit by bit', async (_, command) => {
    expect(await columnsToFill(`ALTER TABLE "s"."posts" ${command};`)).toEqual([]);
    expect(await rewritten(`ALTER TABLE "s"."posts" ${command};`)).toMatchSnapshot();
  });

  it('requires a value through a check, and lets a free part of the same statement pass', async () => {
    const sql = `ALTER TABLE "s"."posts" ALTER COLUMN "views" SET NOT NULL, ALTER COLUMN "views" SET DEFAULT 0, DROP COLUMN "price";`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== alter_posts
ALTER TABLE s.posts ALTER COLUMN views SET DEFAULT 0, DROP COLUMN price RESTRICT;

== check_views
-- From here on a version that leaves this column empty cannot insert rows: deploy code that writes it first, or give the column a default.
ALTER TABLE "s"."posts" ADD CONSTRAINT "posts_views_not_null" CHECK ("views" IS NOT NULL) NOT VALID;

== validate_views
ALTER TABLE "s"."posts" VALIDATE CONSTRAINT "posts_views_not_null";

== require_views
ALTER TABLE "s"."posts" ALTER COLUMN "views" SET NOT NULL;
ALTER TABLE "s"."posts" DROP CONSTRAINT "posts_views_not_null";
"
`);
  });

  it('builds the index of a new primary key before the key', async () => {
    const sql = `ALTER TABLE "s"."posts" DROP CONSTRAINT "posts_pkey", ADD CONSTRAINT "posts_pkey" PRIMARY KEY ("id", "title");`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== index_posts_pkey
CREATE UNIQUE INDEX CONCURRENTLY "new_posts_pkey" ON "s"."posts" ("id", "title");

== add_posts_pkey
ALTER TABLE s.posts DROP CONSTRAINT posts_pkey RESTRICT, ADD CONSTRAINT posts_pkey PRIMARY KEY USING INDEX "new_posts_pkey";
"
`);
  });

  it.each([
    ['title', 'TEXT'],
    ['title', 'VARCHAR(120)'],
    ['at', 'TIMESTAMPTZ(6)'],
    ['price', 'DECIMAL(12,2)'],
  ])('knows that %s can become %s without writing the table anew', async (column, type) => {
    const sql = await rewritten(`ALTER TABLE "s"."posts" ALTER COLUMN "${column}" SET DATA TYPE ${type};`);
    expect(sql.includes('SET LOCAL timezone')).toBe(column === 'at');
  });

  it.each([
    'ALTER TABLE "s"."posts" ALTER COLUMN "title" SET DATA TYPE VARCHAR(40);',
    'ALTER TABLE "s"."posts" ALTER COLUMN "views" SET DATA TYPE BIGINT;',
    'ALTER TABLE "s"."posts" ALTER COLUMN "price" SET DATA TYPE DECIMAL(12,3);',
    'ALTER TABLE "s"."posts" ALTER COLUMN "at" SET DATA TYPE TIMESTAMPTZ(3);',
    `BEGIN; CREATE TYPE "s"."r_new" AS ENUM ('A'); ALTER TABLE "s"."posts" ALTER COLUMN "r" TYPE "s"."r_new" USING ("r"::text::"s"."r_new"); COMMIT;`,
  ])('asks for a reason to write a table anew: %s', async (sql) => {
    await expect(rewritten(sql)).rejects.toMatchObject({ code: 'REWRITES_TABLE' });
    expect(await rewritten(sql, {}, 'it has ten rows')).toContain('because it has ten rows\n');
  });

  it('reads times as UTC also where it writes the table anew, and says why next to the change', async () => {
    const sql = 'ALTER TABLE "s"."posts" ALTER COLUMN "at" SET DATA TYPE TIMESTAMPTZ(3);';
    expect(await rewritten(sql, {}, 'it is small')).toMatchInlineSnapshot(`
"== alter_posts
SET LOCAL timezone = 'UTC';
-- lint: allow type-change because it is small
ALTER TABLE s.posts ALTER COLUMN at TYPE timestamptz(3);
"
`);
  });

  it('adds values to an enum at their declared places, committed before anything uses them', async () => {
    const sql = `ALTER TYPE "s"."Color" ADD VALUE 'YELLOW'; ALTER TYPE "s"."Color" ADD VALUE 'LIME'; ALTER TYPE "s"."Color" ADD VALUE 'PINK';
ALTER TABLE "s"."posts" ALTER COLUMN "title" SET DEFAULT 'PINK';`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== add_yellow
ALTER TYPE s."Color" ADD VALUE 'YELLOW' BEFORE 'GREEN';

ALTER TYPE s."Color" ADD VALUE 'LIME' BEFORE 'GREEN';

ALTER TYPE s."Color" ADD VALUE 'PINK';

== alter_posts
ALTER TABLE s.posts ALTER COLUMN title SET DEFAULT 'PINK';
"
`);
  });

  it('widens the sequence of a column with the column', async () => {
    const sql = 'ALTER TABLE "s"."tickets" ALTER COLUMN "no" SET DATA TYPE BIGSERIAL;';
    expect(await rewritten(sql, {}, 'it is small')).toMatchInlineSnapshot(`
"== alter_tickets
-- lint: allow type-change because it is small
ALTER TABLE s.tickets ALTER COLUMN no TYPE bigint;
ALTER SEQUENCE "s"."tickets_no_seq" AS int8;
"
`);
  });

  it('lets a column that begins to count go on after its highest number', async () => {
    const sql = `CREATE SEQUENCE "s".posts_views_seq;
ALTER TABLE "s"."posts" ALTER COLUMN "views" SET DEFAULT nextval('"s".posts_views_seq');
ALTER SEQUENCE "s".posts_views_seq OWNED BY "s"."posts"."views";`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== change
CREATE SEQUENCE "s".posts_views_seq;

SELECT setval('"s"."posts_views_seq"', greatest(max("views"), 0) + 1, false) FROM "s"."posts";
ALTER TABLE s.posts ALTER COLUMN views SET DEFAULT nextval('"s".posts_views_seq');

ALTER SEQUENCE "s".posts_views_seq OWNED BY "s"."posts"."views";
"
`);
  });

  it('never locks two existing tables in one migration', async () => {
    const sql = `ALTER TABLE "s"."posts" ADD COLUMN "a" TEXT; ALTER TABLE "s"."users" ADD COLUMN "b" TEXT; ALTER TABLE "s"."users" ADD COLUMN "c" TEXT;`;
    expect(await rewritten(sql)).toMatchInlineSnapshot(`
"== alter_posts
ALTER TABLE s.posts ADD COLUMN a text;

== alter_users
ALTER TABLE s.users ADD COLUMN b text;

ALTER TABLE s.users ADD COLUMN c text;
"
`);
  });
});
