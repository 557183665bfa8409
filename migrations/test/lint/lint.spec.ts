import { describe, expect, it } from '@jest/globals';
import { report } from '../../src/lint/index.js';
import { history, lintSql } from './describe-rule.js';

const rulesOf = (findings: Awaited<ReturnType<typeof lintSql>>) => findings.map(({ rule }) => rule);

describe('lint', () => {
  it('answers data: what, where, and what to write instead', async () => {
    const sql = '-- größer\nSELECT 1;\n  CREATE INDEX i ON app_schema.users (age);';
    expect(await lintSql(sql)).toEqual([
      {
        rule: 'index-not-concurrent',
        level: 'error',
        message: 'CREATE INDEX takes SHARE on app_schema.users: writes wait until the index is built.',
        help: [
          'Build it without stopping writes, alone in a migration of its own:',
          '    CREATE INDEX CONCURRENTLY i ON app_schema.users (age);',
        ].join('\n'),
        file: 'migration.sql',
        line: 3,
        column: 3,
        statement: 'CREATE INDEX i ON app_schema.users (age)',
      },
    ]);
  });

  it('orders findings by where they stand', async () => {
    const sql = 'SET lock_timeout = 0;\nTRUNCATE app_schema.users;\nVACUUM FULL app_schema.users';
    const places = (await lintSql(sql)).map(({ line }) => line);
    expect(places).toEqual([...places].sort());
    expect(new Set(places)).toEqual(new Set([1, 2, 3]));
  });

  it('allows one statement, not the next', async () => {
    const sql =
      '-- lint: allow truncate because it is a cache\nTRUNCATE app_schema.users;\nTRUNCATE app_schema.users';
    const findings = await lintSql(sql);
    expect(findings).toMatchObject([{ rule: 'truncate', line: 3 }]);
  });

  it('allows several rules on one statement', async () => {
    const sql = [
      '-- lint: allow fk-drop because nobody uses teams',
      '-- lint: allow drop-column because nobody reads it',
      'ALTER TABLE app_schema.users DROP COLUMN team_id',
    ].join('\n');
    expect(await lintSql(sql)).toEqual([]);
  });

  it('takes an exception of a whole migration from any of its comments', async () => {
    const applied = { where: 'origin/main', names: new Set(['3']), isUnchanged: () => true };
    const sql = 'SELECT 1;\n-- lint: allow out-of-order because it was applied by hand';
    expect(await lintSql({ sql, name: '2', applied })).toEqual([]);
  });

  it('knows what earlier migrations did', async () => {
    const sql = 'ALTER TABLE app_schema.users ALTER COLUMN age SET NOT NULL';
    const proof = 'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age IS NOT NULL) NOT VALID;';
    const validated = 'ALTER TABLE app_schema.users VALIDATE CONSTRAINT c;';
    expect(rulesOf(await lintSql({ before: history, sql }))).toEqual(['set-not-null']);
    expect(rulesOf(await lintSql({ before: history + proof, sql }))).toEqual(['set-not-null']);
    expect(rulesOf(await lintSql({ before: history + proof + validated, sql }))).toEqual([]);
  });

  it('follows renames through the history', async () => {
    const before = `${history}
      ALTER TABLE app_schema.users RENAME TO people;
      ALTER TABLE app_schema.people RENAME COLUMN team_id TO group_id;
      ALTER TABLE app_schema.people RENAME CONSTRAINT users_team_id_fkey TO people_group_id_fkey;
      ALTER INDEX app_schema.users_email_idx RENAME TO people_email_idx;
      ALTER TYPE app_schema.state RENAME TO status;`;
    const drop = await lintSql({
      before,
      sql: 'ALTER TABLE app_schema.people DROP CONSTRAINT people_group_id_fkey',
    });
    expect(drop).toMatchObject([{ rule: 'fk-drop', message: expect.stringContaining('app_schema.teams') }]);
    const index = await lintSql({ before, sql: 'DROP INDEX app_schema.people_email_idx' });
    expect(index).toMatchObject([{ message: expect.stringContaining('app_schema.people') }]);
    const parent = await lintSql({
      before: `${before} ALTER TABLE app_schema.teams RENAME TO groups;`,
      sql: 'ALTER TABLE app_schema.people DROP COLUMN group_id',
    });
    expect(parent).toMatchObject([
      { rule: 'drop-column' },
      { message: expect.stringContaining('app_schema.groups') },
    ]);
  });

  it('objects to nothing in what Prisma writes for new tables', async () => {
    const sql = `
      CREATE SCHEMA IF NOT EXISTS "app_schema";
      CREATE TYPE "app_schema"."Kind" AS ENUM ('A', 'B');
      CREATE TABLE "app_schema"."Note" (
        "id" TEXT NOT NULL, "kind" "app_schema"."Kind" NOT NULL DEFAULT 'A', "user_id" TEXT NOT NULL,
        "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, CONSTRAINT "Note_pkey" PRIMARY KEY ("id"));
      CREATE UNIQUE INDEX "Note_user_id_key" ON "app_schema"."Note"("user_id");
      ALTER TABLE "app_schema"."Note" ADD CONSTRAINT "Note_user_id_fkey"
        FOREIGN KEY ("user_id") REFERENCES "app_schema"."users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;`;
    expect(await lintSql(sql)).toEqual([]);
  });
});

describe('reports', () => {
  const sql = 'SELECT 1;\nTRUNCATE app_schema.users;\nALTER TABLE app_schema.users ADD COLUMN a json';

  it('as GitHub annotations, one line each', async () => {
    const lines = report(await lintSql(sql), 'github').split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^::error file=migration\.sql,line=2,col=1,title=truncate::TRUNCATE takes .*%0A/,
    );
    expect(lines[1]).toMatch(/^::notice file=migration\.sql,line=3,col=1,title=json-column::/);
  });

  it('as SARIF with each rule that is used', async () => {
    const { version, runs } = JSON.parse(report(await lintSql(sql), 'sarif'));
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['json-column', 'truncate']);
    expect(results).toMatchObject([
      {
        ruleId: 'truncate',
        ruleIndex: 1,
        level: 'error',
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'migration.sql' }, region: { startLine: 2 } } },
        ],
      },
      { ruleId: 'json-column', ruleIndex: 0, level: 'note' },
    ]);
  });

  it('as JSON, and as nothing when nothing is found', async () => {
    const findings = await lintSql(sql);
    expect(JSON.parse(report(findings, 'json'))).toEqual({ findings });
    expect(report([], 'text')).toBe('');
    expect(report([], 'github')).toBe('');
    expect(JSON.parse(report([], 'json'))).toEqual({ findings: [] });
  });

  it('counts errors and advice apart', async () => {
    expect(report(await lintSql(sql), 'text')).toMatch(/\n\n1 finding, 1 advice$/);
  });
});
