import { describe, expect, it } from '@jest/globals';
import { Catalog, replay } from '../../src/locks/index.js';
import { columnsToFill, rewrite } from '../../src/rewrite/index.js';
import { readStatements } from '../../src/sql/index.js';
import { history, lintSql } from './describe-rule.js';

const users = 'ALTER TABLE "app_schema"."users"';

/** What Prisma writes for ordinary edits of a schema, with the rules its own SQL breaks. */
const edits: [string, string, string[]][] = [
  ['@@index', 'CREATE INDEX "users_age_idx" ON "app_schema"."users"("age");', ['index-not-concurrent']],
  [
    '@unique',
    'CREATE UNIQUE INDEX "users_age_key" ON "app_schema"."users"("age");',
    ['index-not-concurrent'],
  ],
  ['a removed @@index', 'DROP INDEX "app_schema"."users_email_idx";', ['drop-index-not-concurrent']],
  [
    'a relation',
    `${users} ADD CONSTRAINT "users_team_fkey" FOREIGN KEY ("team_id") REFERENCES "app_schema"."teams"("id") ON DELETE SET NULL ON UPDATE CASCADE;`,
    ['foreign-key'],
  ],
  [
    'another onDelete',
    `${users} DROP CONSTRAINT "users_team_id_fkey";
${users} ADD CONSTRAINT "users_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "app_schema"."teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;`,
    ['fk-drop', 'foreign-key', 'held-lock'],
  ],
  ['a field that becomes required', `${users} ALTER COLUMN "name" SET NOT NULL;`, ['set-not-null']],
  ['a required field', `${users} ADD COLUMN "code" TEXT NOT NULL;`, ['required-column']],
  ['a required field with a default', `${users} ADD COLUMN "n" INTEGER NOT NULL DEFAULT 0;`, []],
  [
    'dbgenerated()',
    `${users} ADD COLUMN "key" UUID NOT NULL DEFAULT gen_random_uuid();`,
    ['volatile-default'],
  ],
  ['autoincrement()', `${users} ADD COLUMN "no" BIGSERIAL NOT NULL;`, ['serial-column']],
  ['@db.Timestamptz', `${users} ALTER COLUMN "born" SET DATA TYPE TIMESTAMPTZ(6);`, ['type-change']],
  [
    'two models',
    `${users} ADD COLUMN "a" TEXT; ALTER TABLE "app_schema"."teams" ADD COLUMN "a" TEXT;`,
    ['multi-table-lock'],
  ],
];

describe('what is made of the SQL Prisma writes', () => {
  it.each(edits)('breaks no rule: %s', async (_, sql, broken) => {
    expect((await lintSql(sql)).map(({ rule }) => rule)).toEqual(broken);
    let before = history;
    for (const draft of await rewrite(sql, await optionsFor(sql))) {
      expect(await lintSql({ before, sql: draft.sql })).toEqual([]);
      before += draft.sql;
    }
  });
});

async function optionsFor(sql: string) {
  const before = new Catalog('app_schema');
  for (const { node } of (await readStatements(history)) ?? []) replay(node, before);
  before.beginMigration();
  const fills = (await columnsToFill(sql)).map(
    ({ table, column }) => [`${table}.${column}`, { sql: "'x'" }] as const,
  );
  return { before, fills: new Map(fills) };
}
