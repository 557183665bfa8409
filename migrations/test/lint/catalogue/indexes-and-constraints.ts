import { type Row, users } from './row.js';

/** Indexes and constraints. */
export const indexesAndConstraints: Row[] = [
  {
    operation: 'hash index',
    rule: 'hash-index',
    bad: 'CREATE INDEX CONCURRENTLY i ON app_schema.users USING hash (born)',
    safe: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (born)',
  },
  {
    operation: 'index without CONCURRENTLY',
    rule: 'index-not-concurrent',
    bad: 'CREATE INDEX i ON app_schema.users (age)',
    safe: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (age)',
  },
  {
    operation: 'unique index on a column that may hold duplicates',
    rule: 'index-not-concurrent',
    bad: 'CREATE UNIQUE INDEX i ON app_schema.users (age)',
    safe: 'CREATE UNIQUE INDEX CONCURRENTLY i ON app_schema.users (age)',
  },
  {
    operation: 'DROP INDEX without CONCURRENTLY',
    rule: 'drop-index-not-concurrent',
    bad: 'DROP INDEX app_schema.users_email_idx',
    safe: 'DROP INDEX CONCURRENTLY app_schema.users_email_idx',
  },
  {
    operation: 'CONCURRENTLY in a transaction',
    rule: 'concurrently-in-transaction',
    bad: 'BEGIN; DROP INDEX CONCURRENTLY app_schema.users_email_idx; COMMIT',
    safe: 'DROP INDEX CONCURRENTLY app_schema.users_email_idx',
  },
  {
    operation: 'a retry that accepts an invalid index',
    rule: 'concurrently-if-not-exists',
    bad: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON app_schema.users (age)',
    safe: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (age)',
  },
  {
    operation: 'REINDEX without CONCURRENTLY',
    rule: 'reindex-not-concurrent',
    bad: 'REINDEX INDEX app_schema.users_email_idx',
    safe: 'REINDEX INDEX CONCURRENTLY app_schema.users_email_idx',
  },
  {
    operation: 'an index that is the beginning of another',
    rule: 'redundant-index',
    bad: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (email)',
    safe: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (age)',
  },
  {
    operation: 'an index of more than three columns',
    rule: 'wide-index',
    bad: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (age, name, born, balance)',
    safe: 'CREATE INDEX CONCURRENTLY i ON app_schema.users (age, name, born)',
  },
  {
    operation: 'a foreign key without an index',
    rule: 'fk-without-index',
    bad: 'CREATE TABLE app_schema.notes (user_id text REFERENCES app_schema.users (id))',
    safe: 'CREATE TABLE app_schema.notes (user_id text UNIQUE REFERENCES app_schema.users (id))',
  },
  {
    operation: 'unique constraint',
    rule: 'unique-constraint',
    bad: `${users} ADD CONSTRAINT u UNIQUE (age)`,
    safe: `${users} ADD CONSTRAINT u UNIQUE USING INDEX users_name_key`,
  },
  {
    operation: 'a new column that is unique',
    rule: 'unique-constraint',
    bad: `${users} ADD COLUMN code text UNIQUE`,
    safe: `${users} ADD COLUMN code text`,
  },
  {
    operation: 'primary key',
    rule: 'primary-key',
    bad: 'ALTER TABLE app_schema.events_2026 ADD PRIMARY KEY (id)',
    safe: 'CREATE UNIQUE INDEX CONCURRENTLY i ON app_schema.events_2026 (id)',
  },
  {
    operation: 'exclusion constraint',
    rule: 'exclusion-constraint',
    bad: `${users} ADD CONSTRAINT e EXCLUDE (age WITH =)`,
    safe: 'CREATE TABLE app_schema.rooms (n int, EXCLUDE (n WITH =))',
  },
  {
    operation: 'foreign key',
    rule: 'foreign-key',
    bad: `${users} ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES app_schema.teams (id)`,
    safe: `${users} ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES app_schema.teams (id) NOT VALID`,
  },
  {
    operation: 'dropping a foreign key',
    rule: 'fk-drop',
    bad: `${users} DROP CONSTRAINT users_team_id_fkey`,
    safe: `${users} DROP CONSTRAINT users_age_check`,
  },
  {
    operation: "a foreign key to another service's table",
    rule: 'fk-cross-service',
    bad: 'CREATE TABLE app_schema.notes (id text PRIMARY KEY REFERENCES other_schema.users (id))',
    safe: 'CREATE TABLE app_schema.notes (id text PRIMARY KEY)',
  },
  {
    operation: 'foreign keys to two tables at once',
    rule: 'multi-table-lock',
    bad: `CREATE TABLE app_schema.notes (
      user_id text UNIQUE REFERENCES app_schema.users (id), team_id text UNIQUE REFERENCES app_schema.teams (id))`,
    safe: 'CREATE TABLE app_schema.notes (user_id text UNIQUE REFERENCES app_schema.users (id))',
  },
  {
    operation: 'NOT VALID and VALIDATE together',
    rule: 'validate-same-transaction',
    bad: `${users} ADD CONSTRAINT c CHECK (age > 1) NOT VALID; ${users} VALIDATE CONSTRAINT c`,
    safe: `${users} VALIDATE CONSTRAINT users_age_check`,
  },
  {
    operation: 'check constraint',
    rule: 'check-constraint',
    bad: `${users} ADD CONSTRAINT c CHECK (age > 1)`,
    safe: `${users} ADD CONSTRAINT c CHECK (age > 1) NOT VALID`,
  },
  {
    operation: 'a check on the clock',
    rule: 'volatile-check',
    bad: `${users} ADD CONSTRAINT c CHECK (born < now()) NOT VALID`,
    safe: `${users} ADD CONSTRAINT c CHECK (born < '2030-01-01') NOT VALID`,
  },
  {
    operation: 'SET NOT NULL',
    rule: 'set-not-null',
    bad: `${users} ALTER COLUMN name SET NOT NULL`,
    safe: `${users} ALTER COLUMN proven SET NOT NULL`,
  },
  {
    operation: 'DROP NOT NULL',
    rule: 'drop-not-null',
    bad: `${users} ALTER COLUMN email DROP NOT NULL`,
    safe: `${users} ALTER COLUMN email SET DEFAULT ''`,
  },
];
