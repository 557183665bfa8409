import { Catalog, type LockMode, locksOf, rankOf, replay, type Work } from '../../src/locks/index.js';
import { readStatements } from '../../src/sql/index.js';

/** What every case finds in the database, and in the catalogue that is made from the same text. */
export const setup = `
CREATE SCHEMA app;
CREATE TABLE app.parent (id int PRIMARY KEY, n int, note text);
CREATE TABLE app.other (id int PRIMARY KEY, n int UNIQUE);
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE TYPE app.mood AS ENUM ('sad', 'happy');
CREATE TABLE app.child (
  id int NOT NULL CONSTRAINT child_pkey PRIMARY KEY,
  parent_id int NOT NULL,
  v varchar(10), t text, ts timestamp(3), indexed_ts timestamp(3), num numeric(8,2), net cidr, small int2,
  proven int CONSTRAINT proven_not_null CHECK (proven IS NOT NULL),
  unproven int,
  mood app.mood DEFAULT 'sad',
  tags varchar(10)[], sums numeric(8,2)[],
  tested varchar(10) CONSTRAINT tested_short CHECK (length(tested) < 9),
  untested varchar(10), filtered varchar(10), filtering varchar(10), lowered varchar(10)
);
ALTER TABLE app.child ADD CONSTRAINT untested_short CHECK (length(untested) < 9) NOT VALID;
CREATE INDEX child_filtered_idx ON app.child (filtered) WHERE filtering IS NOT NULL;
CREATE INDEX child_lowered_idx ON app.child (small, lower(lowered));
ALTER TABLE app.child ADD CONSTRAINT child_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES app.parent (id);
ALTER TABLE app.child ADD CONSTRAINT later_fkey FOREIGN KEY (unproven) REFERENCES app.other (id) NOT VALID;
ALTER TABLE app.child ADD CONSTRAINT later_check CHECK (unproven IS NOT NULL) NOT VALID;
CREATE INDEX child_v_idx ON app.child (v);
CREATE INDEX child_ts_idx ON app.child (indexed_ts);
CREATE UNIQUE INDEX child_small_key ON app.child (small);
CREATE TABLE app.parted (id int, part int) PARTITION BY LIST (part);
CREATE TABLE app.part_1 PARTITION OF app.parted FOR VALUES IN (1);
CREATE TABLE app.part_2 (id int, part int);
CREATE TABLE app.split (id int, part int) PARTITION BY LIST (part);
CREATE TABLE app.split_1 PARTITION OF app.split FOR VALUES IN (1);
CREATE TABLE app.split_rest (id int, part int);
ALTER TABLE app.split ATTACH PARTITION app.split_rest DEFAULT;
CREATE DOMAIN app.plain AS int;
CREATE UNIQUE INDEX part_2_key ON app.part_2 (id);
CREATE MATERIALIZED VIEW app.summary AS SELECT id FROM app.parent;
CREATE UNIQUE INDEX summary_id_key ON app.summary (id);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION app.own() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE FUNCTION app.steady() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TRIGGER child_touch BEFORE UPDATE ON app.child FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE POLICY child_policy ON app.child USING (true);
`;

export const rows = `
INSERT INTO app.parent SELECT n, n, 'note' FROM generate_series(1, 5) n;
INSERT INTO app.other SELECT n, n FROM generate_series(1, 5) n;
INSERT INTO app.child
  SELECT n, n, 'v', 't', now(), now(), 1.5, '10.0.0.0/8', n, n, n, 'sad' FROM generate_series(1, 5) n;
INSERT INTO app.parted SELECT n, 1 FROM generate_series(1, 5) n;
INSERT INTO app.split SELECT n, n FROM generate_series(5, 9) n;
INSERT INTO app.part_2 SELECT n, 2 FROM generate_series(1, 5) n;
REFRESH MATERIALIZED VIEW app.summary;
`;

export interface Effect {
  mode: LockMode;
  work: Work;
}

/** What the code says of the last statement of a script, given the ones before it. */
export async function predict(script: string): Promise<Record<string, Effect>> {
  const catalog = new Catalog('app');
  for (const { node } of (await readStatements(setup)) ?? []) replay(node, catalog);
  catalog.beginMigration();
  const statements = (await readStatements(script)) ?? [];
  for (const { node } of statements.slice(0, -1)) replay(node, catalog);
  const last = statements.at(-1);
  const locks = last ? locksOf(last.node, catalog) : [];
  // Reading is not told from the text in every case, and blocks no one.
  const notable = locks.filter(({ mode, isNew }) => rankOf(mode) > rankOf('ACCESS SHARE') && !isNew);
  return Object.fromEntries(notable.map(({ table, mode, work }) => [table.name, { mode, work }]));
}

export const modeOf = (pgMode: string): LockMode =>
  pgMode
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase() as LockMode;
