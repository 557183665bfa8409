import { type Row, users } from './row.js';

/** Columns, types, tables and what hangs on them. */
export const columnsAndTables: Row[] = [
  {
    operation: 'required column without a default',
    rule: 'required-column',
    bad: `${users} ADD COLUMN code text NOT NULL`,
    safe: `${users} ADD COLUMN code text NOT NULL DEFAULT ''`,
  },
  {
    operation: 'volatile default',
    rule: 'volatile-default',
    bad: `${users} ADD COLUMN at timestamptz DEFAULT clock_timestamp()`,
    safe: `${users} ADD COLUMN at timestamptz DEFAULT now()`,
  },
  {
    operation: 'serial column',
    rule: 'serial-column',
    bad: `${users} ADD COLUMN number bigserial`,
    safe: `${users} ADD COLUMN number bigint`,
  },
  {
    operation: 'stored generated column',
    rule: 'stored-generated',
    bad: `${users} ADD COLUMN double int GENERATED ALWAYS AS (age * 2) STORED`,
    safe: `${users} ADD COLUMN double int`,
  },
  {
    operation: 'change of type',
    rule: 'type-change',
    bad: `${users} ALTER COLUMN age TYPE bigint`,
    safe: `${users} ALTER COLUMN email TYPE text`,
  },
  {
    operation: 'narrowing',
    rule: 'type-change',
    bad: `${users} ALTER COLUMN email TYPE varchar(10)`,
    safe: `${users} ALTER COLUMN email TYPE varchar(90)`,
  },
  {
    operation: 'another collation of an indexed column',
    rule: 'type-change',
    bad: `${users} ALTER COLUMN name TYPE text COLLATE "C"`,
    safe: `${users} ADD COLUMN name_new text COLLATE "C"`,
  },
  {
    operation: 'timestamp to timestamptz',
    rule: 'type-change',
    bad: `${users} ALTER COLUMN born TYPE timestamptz(6)`,
    safe: `SET LOCAL timezone = 'UTC'; ${users} ALTER COLUMN born TYPE timestamptz(6)`,
  },
  {
    operation: 'enum rebuilt by a swap of types',
    rule: 'type-change',
    bad: `BEGIN;
      CREATE TYPE app_schema.state_new AS ENUM ('NEW');
      ${users} ALTER COLUMN state TYPE app_schema.state_new USING state::text::app_schema.state_new;
      COMMIT`,
    safe: "ALTER TYPE app_schema.state ADD VALUE 'GONE'",
  },
  {
    operation: 'logged to unlogged, tablespace, access method',
    rule: 'table-rewrite',
    bad: `${users} SET ACCESS METHOD columnar`,
    safe: `${users} SET (fillfactor = 90)`,
  },
  {
    operation: 'rename column',
    rule: 'rename-column',
    bad: `${users} RENAME COLUMN name TO full_name`,
    safe: `${users} ADD COLUMN full_name text`,
  },
  {
    operation: 'rename table',
    rule: 'rename-table',
    bad: `${users} RENAME TO people`,
    safe: 'CREATE VIEW app_schema.people AS SELECT * FROM app_schema.users',
  },
  {
    operation: 'rename enum value',
    rule: 'rename-enum',
    bad: "ALTER TYPE app_schema.state RENAME VALUE 'OLD' TO 'PAST'",
    safe: "ALTER TYPE app_schema.state ADD VALUE 'PAST'",
  },
  {
    operation: 'drop column',
    rule: 'drop-column',
    bad: `${users} DROP COLUMN age`,
    safe: `${users} ALTER COLUMN age DROP DEFAULT`,
  },
  {
    operation: 'drop table, schema, database',
    rule: 'drop-table',
    bad: 'DROP TABLE app_schema.events_2026',
    safe: 'DROP VIEW app_schema.old_events',
  },
  {
    operation: 'drop with CASCADE',
    rule: 'drop-cascade',
    bad: 'DROP TYPE app_schema.state CASCADE',
    safe: 'DROP TYPE app_schema.state',
  },
  {
    operation: 'truncate',
    rule: 'truncate',
    bad: 'TRUNCATE app_schema.users',
    safe: "DELETE FROM app_schema.users WHERE id = '1'",
  },
  {
    operation: 'enum value used where it is added',
    rule: 'enum-add-and-use',
    bad: `ALTER TYPE app_schema.state ADD VALUE 'GONE'; ${users} ALTER COLUMN state SET DEFAULT 'GONE'`,
    safe: "ALTER TYPE app_schema.state ADD VALUE 'GONE'",
  },
  {
    operation: 'domain constraint',
    rule: 'domain-constraint',
    bad: 'ALTER DOMAIN app_schema.positive ADD CONSTRAINT c CHECK (VALUE < 9)',
    safe: 'ALTER DOMAIN app_schema.positive ADD CONSTRAINT c CHECK (VALUE < 9) NOT VALID',
  },
  {
    operation: 'attach partition',
    rule: 'attach-partition',
    bad: "ALTER TABLE app_schema.events ATTACH PARTITION app_schema.events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    safe: "CREATE TABLE app_schema.e (id bigint, at timestamptz(3)); ALTER TABLE app_schema.events ATTACH PARTITION app_schema.e FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
  },
  {
    operation: 'create partition',
    rule: 'create-partition-of',
    bad: 'CREATE TABLE app_schema.e PARTITION OF app_schema.events DEFAULT',
    safe: 'CREATE TABLE app_schema.e (LIKE app_schema.events INCLUDING ALL)',
  },
  {
    operation: 'detach partition',
    rule: 'detach-partition',
    bad: 'ALTER TABLE app_schema.events DETACH PARTITION app_schema.events_2025',
    safe: 'ALTER TABLE app_schema.events DETACH PARTITION app_schema.events_2025 CONCURRENTLY',
  },
  {
    operation: 'a trigger dropped',
    rule: 'drop-trigger',
    bad: 'DROP TRIGGER users_touch ON app_schema.users',
    safe: 'CREATE OR REPLACE TRIGGER t BEFORE INSERT ON app_schema.users FOR EACH ROW EXECUTE FUNCTION app_schema.touch()',
  },
  {
    operation: 'triggers switched off',
    rule: 'disable-trigger',
    bad: `${users} DISABLE TRIGGER ALL`,
    safe: 'CREATE TRIGGER t BEFORE INSERT ON app_schema.users FOR EACH ROW EXECUTE FUNCTION app_schema.touch()',
  },
  {
    operation: 'row level security without a policy',
    rule: 'rls-without-policy',
    bad: `${users} ENABLE ROW LEVEL SECURITY`,
    safe: `CREATE POLICY p ON app_schema.users USING (true); ${users} ENABLE ROW LEVEL SECURITY`,
  },
  {
    operation: 'dropping the primary key',
    rule: 'drop-primary-key',
    bad: `${users} DROP CONSTRAINT users_pkey`,
    safe: `${users} DROP CONSTRAINT users_pkey, ADD CONSTRAINT p PRIMARY KEY USING INDEX users_proven_key`,
  },
  {
    operation: 'replica identity',
    rule: 'replica-identity',
    bad: `${users} REPLICA IDENTITY NOTHING`,
    safe: `${users} REPLICA IDENTITY FULL`,
  },
  {
    operation: 'refresh of a materialized view',
    rule: 'refresh-matview',
    bad: 'REFRESH MATERIALIZED VIEW app_schema.summary',
    safe: 'REFRESH MATERIALIZED VIEW CONCURRENTLY app_schema.summary',
  },
  {
    operation: 'VACUUM FULL, CLUSTER',
    rule: 'vacuum-full',
    bad: 'CLUSTER app_schema.users USING users_pkey',
    safe: 'VACUUM app_schema.users',
  },
  {
    operation: 'LOCK TABLE',
    rule: 'lock-table',
    bad: 'LOCK TABLE app_schema.users',
    safe: 'LOCK TABLE app_schema.users IN ACCESS SHARE MODE',
  },
  {
    operation: 'autovacuum switched off',
    rule: 'disable-autovacuum',
    bad: `${users} SET (autovacuum_enabled = false)`,
    safe: `${users} SET (autovacuum_vacuum_scale_factor = 0.01)`,
  },
  {
    operation: 'json column',
    rule: 'json-column',
    bad: `${users} ADD COLUMN data json`,
    safe: `${users} ADD COLUMN data jsonb`,
  },
];
