import { type Row, users } from './row.js';

/** How a script is put together, names, and what only looks unsafe. */
export const scripts: Row[] = [
  {
    operation: 'unbatched write',
    rule: 'unbatched-write',
    bad: 'UPDATE app_schema.users SET name = email',
    safe: "UPDATE app_schema.users SET name = email WHERE id = '1'",
  },
  {
    operation: 'schema change and backfill together',
    rule: 'schema-and-data',
    bad: `${users} ADD COLUMN a text; UPDATE app_schema.users SET a = 'x' WHERE id = '1'`,
    safe: `${users} ADD COLUMN a text`,
  },
  {
    operation: 'statements after an exclusive lock',
    rule: 'held-lock',
    bad: `${users} ADD COLUMN a text; SELECT count(*) FROM app_schema.events`,
    safe: `${users} ADD COLUMN a text; ${users} ALTER COLUMN a SET DEFAULT ''`,
  },
  {
    operation: 'locks on two tables',
    rule: 'multi-table-lock',
    bad: `${users} ADD COLUMN a text; ALTER TABLE app_schema.teams ADD COLUMN a text`,
    safe: `${users} ADD COLUMN a text; CREATE TABLE app_schema.notes (a text)`,
  },
  {
    operation: 'no lock timeout',
    rule: 'lock-timeout-zero',
    bad: 'SET lock_timeout = 0',
    safe: "SET LOCAL lock_timeout = '2s'",
  },
  {
    operation: 'no statement timeout',
    rule: 'statement-timeout-zero',
    bad: 'SET statement_timeout = 0',
    safe: "SET LOCAL statement_timeout = '2h'",
  },
  {
    operation: 'nested transaction',
    rule: 'nested-transaction',
    bad: 'BEGIN; BEGIN; SELECT 1; COMMIT',
    safe: 'BEGIN; SELECT 1; COMMIT',
  },
  {
    operation: 'unfinished transaction',
    rule: 'unfinished-transaction',
    bad: 'BEGIN; SELECT 1',
    safe: 'SELECT 1',
  },
  {
    operation: 'identifier of more than 63 bytes',
    rule: 'identifier-too-long',
    bad: `${users} ADD COLUMN ${'é'.repeat(32)} text`,
    safe: `${users} ADD COLUMN ${'é'.repeat(31)} text`,
  },
  {
    operation: 'duplicate assignment',
    rule: 'duplicate-assignment',
    bad: "UPDATE app_schema.users SET age = 1, age = 2 WHERE id = '1'",
    safe: "UPDATE app_schema.users SET age = 1 WHERE id = '1'",
  },
  {
    operation: 'grants to everybody, superusers',
    rule: 'wide-grant',
    bad: 'GRANT SELECT ON app_schema.users TO PUBLIC',
    safe: 'GRANT SELECT ON app_schema.users TO app_app',
  },
  {
    operation: 'unqualified name',
    rule: 'unqualified-name',
    bad: 'ALTER TABLE users ADD COLUMN a text',
    safe: `${users} ADD COLUMN a text`,
  },
  {
    operation: 'types to avoid: timestamp',
    rule: 'timestamp-without-zone',
    bad: `${users} ADD COLUMN at timestamp`,
    safe: `${users} ADD COLUMN at timestamptz`,
  },
  {
    operation: 'types to avoid: char, varchar(n)',
    rule: 'char-type',
    bad: `${users} ADD COLUMN a char(2)`,
    safe: `${users} ADD COLUMN a varchar`,
  },
  {
    operation: 'types to avoid: a small key',
    rule: 'small-key',
    bad: 'CREATE TABLE app_schema.notes (id smallint PRIMARY KEY)',
    safe: 'CREATE TABLE app_schema.notes (id bigint PRIMARY KEY)',
  },
  {
    operation: 'SECURITY DEFINER without search_path',
    rule: 'security-definer',
    bad: "CREATE FUNCTION app_schema.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    safe: "CREATE FUNCTION app_schema.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  },
  {
    operation: 'a foreign key on a new column that may be NULL: no scan',
    rule: undefined,
    bad: `-- lint: allow fk-without-index because it is about the lock here
      ${users} ADD COLUMN old_team text REFERENCES app_schema.teams (id)`,
    safe: `${users} ADD COLUMN old_team text`,
  },
  {
    operation: 'now() as a default: no rewrite',
    rule: undefined,
    bad: `${users} ADD COLUMN at timestamptz NOT NULL DEFAULT now()`,
    safe: `${users} ADD COLUMN at timestamptz`,
  },
  {
    operation: 'wider varchar, more digits: no rewrite',
    rule: undefined,
    bad: `${users} ALTER COLUMN email TYPE varchar(99), ALTER COLUMN balance TYPE numeric(20,2)`,
    safe: `${users} ALTER COLUMN email TYPE text`,
  },
  {
    operation: 'a domain nobody uses yet: no lock',
    rule: undefined,
    bad: 'CREATE DOMAIN app_schema.small AS int CHECK (VALUE < 9)',
    safe: 'CREATE DOMAIN app_schema.small AS int',
  },
  {
    operation: 'ADD VALUE at the end: nothing to state',
    rule: undefined,
    bad: "ALTER TYPE app_schema.state ADD VALUE 'GONE'",
    safe: "ALTER TYPE app_schema.state ADD VALUE 'GONE' AFTER 'OLD'",
  },
];
