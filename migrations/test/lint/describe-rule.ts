import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Applied, type Declared, type Finding, lint, type Rule } from '../../src/lint/index.js';

/** What exists before the migration under test. */
export const history = `
CREATE SCHEMA app_schema;
CREATE TYPE app_schema.state AS ENUM ('NEW', 'OLD');
CREATE DOMAIN app_schema.positive AS int CHECK (VALUE > 0);
CREATE FUNCTION app_schema.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION app_schema.steady() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE app_schema.teams (id text PRIMARY KEY, name text);
CREATE TABLE app_schema.users (
  id text CONSTRAINT users_pkey PRIMARY KEY,
  email varchar(50) NOT NULL,
  name text,
  age int,
  born timestamp(6),
  balance numeric(8,2),
  state app_schema.state NOT NULL DEFAULT 'NEW',
  team_id text,
  proven text CONSTRAINT proven_not_null CHECK (proven IS NOT NULL)
);
CREATE INDEX users_email_idx ON app_schema.users (email, name);
CREATE INDEX users_team_id_idx ON app_schema.users (team_id);
CREATE UNIQUE INDEX users_name_key ON app_schema.users (name);
CREATE UNIQUE INDEX users_proven_key ON app_schema.users (proven);
ALTER TABLE app_schema.users
  ADD CONSTRAINT users_team_id_fkey FOREIGN KEY (team_id) REFERENCES app_schema.teams (id);
ALTER TABLE app_schema.users ADD CONSTRAINT users_age_check CHECK (age > 0) NOT VALID;
CREATE TABLE app_schema.events (id bigint, at timestamptz(3)) PARTITION BY RANGE (at);
CREATE TABLE app_schema.events_2025 PARTITION OF app_schema.events
  FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app_schema.events_2026 (id bigint, at timestamptz(3));
CREATE MATERIALIZED VIEW app_schema.summary AS SELECT id FROM app_schema.users;
CREATE TRIGGER users_touch BEFORE UPDATE ON app_schema.users FOR EACH ROW EXECUTE FUNCTION app_schema.touch();
`;

export interface Migration {
  sql: string;
  /** Instead of the history above. */
  before?: string;
  declared?: Declared;
  applied?: Applied;
  name?: string;
}

/** The findings on one migration of a service "app" in a repository that also has "other". */
export async function lintSql(migration: string | Migration): Promise<Finding[]> {
  const {
    sql,
    before = history,
    name = '2',
    ...rest
  } = typeof migration === 'string' ? { sql: migration } : migration;
  const folder = await mkdtemp(join(tmpdir(), 'lint-'));
  const file = join(folder, 'migration.sql');
  try {
    await writeFile(file, sql);
    const findings = await lint({
      migrations: [
        { name: '1', file: 'before', sql: before },
        { name, file, sql },
      ],
      only: new Set([file]),
      service: {
        name: 'app',
        schema: 'app_schema',
        owners: new Map([
          ['app_schema', 'app'],
          ['other_schema', 'other'],
        ]),
      },
      ...('declared' in rest && { declared: async () => rest.declared as Declared }),
      ...('applied' in rest && { applied: rest.applied }),
    });
    return findings.map((finding) => ({ ...finding, file: 'migration.sql' }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Sample = string | (Migration & { also?: string[] });

interface Samples {
  /** Breaks the rule; `also` names the other rules it cannot help breaking. */
  bad: [Sample, ...Sample[]];
  /** What to write instead. */
  good: [Sample, ...Sample[]];
  /** Looks like a break of the rule and is none. */
  fine: [Sample, ...Sample[]];
}

const sqlOf = (sample: Sample) => (typeof sample === 'string' ? sample : sample.sql);

/** Holds a rule to its samples. What is good or fine breaks no rule at all. */
export function describeRule({ id }: Rule, { bad, good, fine }: Samples): void {
  describe(id, () => {
    it.each(bad.map((sample) => [sqlOf(sample), sample] as const))('objects to %s', async (_, sample) => {
      const also = typeof sample === 'string' ? [] : (sample.also ?? []);
      const found = new Set((await lintSql(sample)).map(({ rule }) => rule));
      expect([...found].sort()).toEqual([id, ...also].sort());
    });

    it.each(good.map((sample) => [sqlOf(sample), sample] as const))('accepts %s', async (_, sample) => {
      expect(await lintSql(sample)).toEqual([]);
    });

    it.each(fine.map((sample) => [sqlOf(sample), sample] as const))(
      'is not misled by %s',
      async (_, sample) => {
        expect(await lintSql(sample)).toEqual([]);
      },
    );
  });
}
