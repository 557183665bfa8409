import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type LockMode, rankOf, steadyFunctions, type Work } from '../../src/locks/index.js';
import { type Effect, modeOf, predict, rows, setup } from './database.js';

/** Statements, each preceded by what the same migration ran before it. PostgreSQL says what they lock; so must we. */
const statements = [
  'CREATE INDEX ON app.child (t)',
  'CREATE UNIQUE INDEX ON app.child (id)',
  'DROP INDEX app.child_v_idx',
  'REINDEX TABLE app.child',
  'REINDEX INDEX app.child_v_idx',
  'ALTER INDEX app.child_v_idx RENAME TO renamed_idx',
  'ALTER TABLE app.child ADD COLUMN a int',
  "ALTER TABLE app.child ADD COLUMN a text NOT NULL DEFAULT 'x'",
  'ALTER TABLE app.child ADD COLUMN a timestamptz NOT NULL DEFAULT now()',
  'ALTER TABLE app.child ADD COLUMN a timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP',
  'ALTER TABLE app.child ADD COLUMN a text[] DEFAULT ARRAY[]::text[]',
  "ALTER TABLE app.child ADD COLUMN a app.mood NOT NULL DEFAULT 'sad'",
  'ALTER TABLE app.child ADD COLUMN a int DEFAULT app.steady()',
  'ALTER TABLE app.child ADD COLUMN a int DEFAULT app.own()',
  'ALTER TABLE app.child ADD COLUMN a uuid DEFAULT gen_random_uuid()',
  'ALTER TABLE app.child ADD COLUMN a timestamptz DEFAULT clock_timestamp()',
  'ALTER TABLE app.child ADD COLUMN a serial',
  'ALTER TABLE app.child ADD COLUMN a int GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE app.child ADD COLUMN a int GENERATED ALWAYS AS (id + 1) STORED',
  'ALTER TABLE app.child ADD COLUMN a app.positive',
  'ALTER TABLE app.child ADD COLUMN a app.plain',
  'ALTER DOMAIN app.plain ADD CHECK (VALUE > 0); ALTER TABLE app.child ADD COLUMN a app.plain',
  'ALTER DOMAIN app.plain SET NOT NULL; ALTER TABLE app.child ADD COLUMN a app.plain DEFAULT 1',
  'ALTER DOMAIN app.plain SET DEFAULT 1; ALTER TABLE app.child ADD COLUMN a app.plain',
  'ALTER TABLE app.child ADD COLUMN a int UNIQUE',
  'ALTER TABLE app.child ADD COLUMN a int CHECK (a > 0)',
  'ALTER TABLE app.child ADD COLUMN a int REFERENCES app.other (id)',
  'ALTER TABLE app.child ADD COLUMN a int DEFAULT 1 REFERENCES app.other (id)',
  'ALTER TABLE app.child DROP COLUMN t',
  'ALTER TABLE app.child DROP COLUMN parent_id',
  'ALTER TABLE app.child ALTER COLUMN t SET DEFAULT gen_random_uuid()',
  'ALTER TABLE app.child ALTER COLUMN unproven SET NOT NULL',
  'ALTER TABLE app.child ALTER COLUMN proven SET NOT NULL',
  'ALTER TABLE app.child VALIDATE CONSTRAINT later_check; ALTER TABLE app.child ALTER COLUMN unproven SET NOT NULL',
  'ALTER TABLE app.child ALTER COLUMN parent_id DROP NOT NULL',
  'ALTER TABLE app.child ALTER COLUMN v TYPE varchar(20)',
  'ALTER TABLE app.child ALTER COLUMN v TYPE varchar',
  'ALTER TABLE app.child ALTER COLUMN v TYPE text',
  'ALTER TABLE app.child ALTER COLUMN v TYPE varchar(5)',
  'ALTER TABLE app.child ALTER COLUMN t TYPE varchar',
  'ALTER TABLE app.child ALTER COLUMN t TYPE varchar(20)',
  'ALTER TABLE app.child ALTER COLUMN num TYPE numeric(12,2)',
  'ALTER TABLE app.child ALTER COLUMN num TYPE numeric',
  'ALTER TABLE app.child ALTER COLUMN num TYPE numeric(12,4)',
  'ALTER TABLE app.child ALTER COLUMN net TYPE inet',
  'ALTER TABLE app.child ALTER COLUMN unproven TYPE bigint',
  'ALTER TABLE app.child ALTER COLUMN ts TYPE timestamp(6)',
  'ALTER TABLE app.child ALTER COLUMN ts TYPE timestamp(0)',
  'ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz(3)',
  "SET LOCAL timezone = 'UTC'; ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz(3)",
  'ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz',
  "SET LOCAL timezone = 'UTC'; ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz",
  "SET LOCAL timezone = 'UTC'; ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz(6)",
  "SET LOCAL timezone = 'UTC'; ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz(6) USING ts::timestamptz(6)",
  "SET LOCAL timezone = 'UTC'; ALTER TABLE app.child ALTER COLUMN indexed_ts TYPE timestamptz(6)",
  "SET LOCAL timezone = 'UTC'; ALTER TABLE app.child ALTER COLUMN ts TYPE timestamptz USING ts AT TIME ZONE 'UTC'",
  'ALTER TABLE app.child ALTER COLUMN mood TYPE text',
  'ALTER TABLE app.child ALTER COLUMN tags TYPE varchar(20)[]',
  'ALTER TABLE app.child ALTER COLUMN tags TYPE text[]',
  'ALTER TABLE app.child ALTER COLUMN tags TYPE varchar(10)[]',
  'ALTER TABLE app.child ALTER COLUMN sums TYPE numeric(12,2)[]',
  'ALTER TABLE app.child ALTER COLUMN tested TYPE varchar(20)',
  'ALTER TABLE app.child ALTER COLUMN untested TYPE varchar(20)',
  'ALTER TABLE app.child ALTER COLUMN filtered TYPE varchar(20)',
  'ALTER TABLE app.child ALTER COLUMN filtering TYPE varchar(20)',
  'ALTER TABLE app.child ALTER COLUMN lowered TYPE varchar(20)',
  'ALTER TABLE app.child RENAME lowered TO low; ALTER TABLE app.child ALTER COLUMN low TYPE varchar(20)',
  'ALTER TABLE app.child DROP COLUMN filtering; ALTER TABLE app.child ALTER COLUMN filtered TYPE varchar(20)',
  'ALTER TABLE app.child ADD CONSTRAINT c CHECK (id > 0)',
  'ALTER TABLE app.child ADD CONSTRAINT c CHECK (id > 0) NOT VALID',
  'ALTER TABLE app.child VALIDATE CONSTRAINT later_check',
  'ALTER TABLE app.child VALIDATE CONSTRAINT later_fkey',
  'ALTER TABLE app.child ADD CONSTRAINT c UNIQUE (small, id)',
  'ALTER TABLE app.child ADD CONSTRAINT c UNIQUE USING INDEX child_small_key',
  'ALTER TABLE app.part_2 ADD PRIMARY KEY (id)',
  'ALTER TABLE app.part_2 ADD PRIMARY KEY USING INDEX part_2_key',
  'ALTER TABLE app.part_2 ALTER COLUMN id SET NOT NULL; ALTER TABLE app.part_2 ADD PRIMARY KEY USING INDEX part_2_key',
  'ALTER TABLE app.child ALTER CONSTRAINT child_parent_id_fkey DEFERRABLE',
  'ALTER TABLE app.child ADD CONSTRAINT c EXCLUDE (small WITH =)',
  'ALTER TABLE app.child ADD CONSTRAINT c FOREIGN KEY (unproven) REFERENCES app.other (id)',
  'ALTER TABLE app.child ADD CONSTRAINT c FOREIGN KEY (unproven) REFERENCES app.other (id) NOT VALID',
  'ALTER TABLE app.child DROP CONSTRAINT child_parent_id_fkey',
  'ALTER TABLE app.child DROP CONSTRAINT proven_not_null',
  'ALTER TABLE app.child DROP CONSTRAINT child_pkey',
  'ALTER TABLE app.child RENAME COLUMN t TO u',
  'ALTER TABLE app.child RENAME TO offspring',
  'ALTER TABLE app.child RENAME CONSTRAINT proven_not_null TO p',
  'ALTER TABLE app.child SET SCHEMA public',
  'ALTER TABLE app.child SET UNLOGGED',
  'ALTER TABLE app.child SET (autovacuum_enabled = false)',
  'ALTER TABLE app.child ALTER COLUMN t SET STATISTICS 100',
  'ALTER TABLE app.child REPLICA IDENTITY FULL',
  'ALTER TABLE app.child ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE app.child DISABLE TRIGGER USER',
  'CREATE POLICY p ON app.child USING (true)',
  'DROP POLICY child_policy ON app.child',
  'CREATE TRIGGER t BEFORE INSERT ON app.child FOR EACH ROW EXECUTE FUNCTION app.touch()',
  'DROP TRIGGER child_touch ON app.child',
  'DROP TABLE app.child',
  'DROP TABLE app.other CASCADE',
  'DROP MATERIALIZED VIEW app.summary',
  'REFRESH MATERIALIZED VIEW app.summary',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY app.summary',
  'CLUSTER app.child USING child_pkey',
  'LOCK TABLE app.child IN SHARE MODE',
  'LOCK TABLE app.child',
  'COMMENT ON TABLE app.child IS $$x$$',
  'COMMENT ON COLUMN app.child.t IS $$x$$',
  'CREATE STATISTICS app.s ON v, t FROM app.child',
  'GRANT SELECT ON app.child TO admin',
  "ALTER TYPE app.mood RENAME VALUE 'sad' TO 'low'",
  "ALTER TYPE app.mood ADD VALUE 'angry'",
  'CREATE TABLE app.fresh (id int PRIMARY KEY)',
  'CREATE TABLE app.fresh (id int REFERENCES app.other (id), n int REFERENCES app.parent (id))',
  'CREATE TABLE app.fresh (LIKE app.child INCLUDING ALL)',
  'CREATE TABLE app.fresh () INHERITS (app.child)',
  'CREATE TABLE app.part_3 PARTITION OF app.parted FOR VALUES IN (3)',
  'ALTER TABLE app.parted ATTACH PARTITION app.part_2 FOR VALUES IN (2)',
  'ALTER TABLE app.parted DETACH PARTITION app.part_1',
  'ALTER TABLE app.split ATTACH PARTITION app.part_2 FOR VALUES IN (2)',
  'ALTER TABLE app.split DETACH PARTITION app.split_1',
  'ALTER TABLE app.parted ATTACH PARTITION app.part_2 DEFAULT',
  'CREATE TABLE app.split_3 PARTITION OF app.split FOR VALUES IN (3)',
  'CREATE TABLE app.fresh (id int); ALTER TABLE app.fresh ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES app.other (id)',
  'CREATE TABLE app.fresh (id int); CREATE INDEX ON app.fresh (id)',
  'CREATE VIEW app.v AS SELECT * FROM app.child',
  'ALTER TABLE app.other ALTER COLUMN id TYPE bigint',
  'SELECT 1',
];

/** Where only the mode can be compared: a new file without reading the old one, rows that are none here. */
const modesOnly = [
  'WITH gone AS (DELETE FROM app.child WHERE false RETURNING id) SELECT * FROM gone',
  'TRUNCATE app.child',
  'TRUNCATE app.parent CASCADE',
  'DELETE FROM app.child WHERE false',
];

/** Those that refuse a transaction are watched from another session while they wait for a writer. */
const concurrent = [
  'CREATE INDEX CONCURRENTLY ON app.child (t)',
  'REINDEX TABLE CONCURRENTLY app.child',
  'REINDEX INDEX CONCURRENTLY app.child_v_idx',
  'DROP INDEX CONCURRENTLY app.child_v_idx',
];

describe('what statements lock, and whether they read or rewrite the table', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    client = await connect();
    await client.query(setup + rows);
  });

  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  async function connect() {
    const made = new pg.Client({ connectionString: database.adminUrl });
    await made.connect();
    // Where the session is in UTC a change to timestamptz is free, so a case that counts on it has to say so.
    await made.query("SET timezone = 'America/New_York'");
    return made;
  }

  it.each(statements)('%s', async (script) => {
    expect(await predict(script)).toEqual(await observe(client, script));
  });

  it.each(modesOnly)('%s', async (script) => {
    const observed = Object.entries(await observe(client, script)).map(([table, { mode }]) => [table, mode]);
    const predicted = Object.entries(await predict(script)).map(([table, { mode }]) => [table, mode]);
    expect(Object.fromEntries(predicted)).toEqual(Object.fromEntries(observed));
  });

  it.each(concurrent)('%s', async (script) => {
    const [writer, runner] = await Promise.all([connect(), connect()]);
    try {
      await writer.query(
        'BEGIN; INSERT INTO app.child (id, parent_id, proven, unproven) VALUES (100, 1, 1, 1)',
      );
      const pid = (await runner.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
      let failed = false;
      const running = runner.query(script).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      while (!failed && !(await isWaiting(client, pid)))
        await new Promise((resolve) => setTimeout(resolve, 5));
      const observed = await locksHeld(client, pid, await tables(client));
      await writer.query('ROLLBACK');
      await running;
      const predicted = Object.entries(await predict(script)).map(([table, { mode }]) => [table, mode]);
      expect(Object.fromEntries(predicted)).toEqual(observed);
    } finally {
      await Promise.all([writer.end(), runner.end()]);
    }
  });

  it('counts no function as steady that PostgreSQL calls volatile', async () => {
    const { rows } = await client.query(
      `SELECT name, count(p.oid)::int AS known, coalesce(bool_or(p.provolatile = 'v'), false) AS volatile
         FROM unnest($1::text[]) name
         LEFT JOIN pg_proc p ON p.proname = name AND p.pronamespace = 'pg_catalog'::regnamespace
        GROUP BY name HAVING count(p.oid) = 0 OR bool_or(p.provolatile = 'v')`,
      [[...steadyFunctions]],
    );
    expect(rows).toEqual([]);
  });
});

/** Runs a script in a transaction that is rolled back and answers what its last statement held and did. */
async function observe(client: pg.Client, script: string): Promise<Record<string, Effect>> {
  const parts = script.split('; ');
  const pid = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
  await client.query('BEGIN');
  try {
    const known = await tables(client);
    for (const part of parts.slice(0, -1)) await client.query(part);
    const before = await traces(client, known);
    await client.query(parts.at(-1) ?? '');
    const after = await traces(client, known);
    const held = await locksHeld(client, pid, known);
    const work = longest([...known.keys()].map((oid) => workSeen(before.get(oid), after.get(oid))));
    return Object.fromEntries(Object.entries(held).map(([table, mode]) => [table, { mode, work }]));
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Trace {
  file: number | null;
  read: number;
}

function workSeen(before: Trace | undefined, after: Trace | undefined): Work {
  if (before && after && before.file !== after.file) return 'rewrite';
  return (after?.read ?? 0) > (before?.read ?? 0) ? 'scan' : 'brief';
}

const longest = (works: Work[]): Work =>
  works.includes('rewrite') ? 'rewrite' : works.includes('scan') ? 'scan' : 'brief';

/** The tables there are before a statement renames or drops them. */
async function tables(client: pg.Client): Promise<Map<number, string>> {
  const { rows } = await client.query(
    `SELECT oid::int, relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p', 'm')`,
  );
  return new Map(rows.map(({ oid, relname }) => [oid, relname]));
}

/** The strongest lock on each table, reading left out. */
async function locksHeld(client: pg.Client, pid: number, known: Map<number, string>) {
  const { rows } = await client.query(
    `SELECT relation::int AS oid, mode FROM pg_locks
      WHERE pid = $1 AND locktype = 'relation' AND relation = ANY ($2) AND mode <> 'AccessShareLock'`,
    [pid, [...known.keys()]],
  );
  const held: Record<string, LockMode> = {};
  for (const { oid, mode } of rows) {
    const table = known.get(oid) ?? '';
    const stronger = held[table];
    if (!stronger || rankOf(modeOf(mode)) > rankOf(stronger)) held[table] = modeOf(mode);
  }
  return held;
}

async function traces(client: pg.Client, known: Map<number, string>): Promise<Map<number, Trace>> {
  const { rows } = await client.query(
    `SELECT c.oid::int, pg_relation_filenode(c.oid)::int AS file, coalesce(s.seq_tup_read, 0)::int AS read
       FROM pg_class c LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid WHERE c.oid = ANY ($1)`,
    [[...known.keys()]],
  );
  return new Map(rows.map(({ oid, file, read }) => [oid, { file, read }]));
}

async function isWaiting(client: pg.Client, pid: number): Promise<boolean> {
  const { rows } = await client.query('SELECT 1 FROM pg_locks WHERE pid = $1 AND NOT granted', [pid]);
  return rows.length > 0;
}
