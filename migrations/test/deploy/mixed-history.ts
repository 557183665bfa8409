import type { Sandbox } from './sandbox.js';

/** A history of every kind of step, in which anything applied twice or not at all leaves a visible difference. */
export async function writeMixedHistory(sandbox: Sandbox): Promise<void> {
  const note = (name: string) => `INSERT INTO log VALUES ('${name}');`;
  await sandbox.write(
    '01_tables',
    `CREATE TABLE log (name text); CREATE TABLE a (id int PRIMARY KEY, n int, t text);
     INSERT INTO a SELECT g, g % 100, md5(g::text) FROM generate_series(1, 5000) g; ${note('01')}`,
  );
  await sandbox.write('02_index', 'CREATE INDEX CONCURRENTLY a_n ON a (n);');
  await sandbox.write('03_change', `UPDATE a SET n = n + 1; ALTER TABLE a ADD COLUMN m int; ${note('03')}`);
  await sandbox.write('04_unnamed', 'CREATE INDEX CONCURRENTLY ON a (t);');
  await sandbox.write('05_block', `BEGIN; ${note('05')} UPDATE a SET n = n + 1; COMMIT;`);
  await sandbox.write(
    '06_steps',
    `${note('06a')} CREATE UNIQUE INDEX CONCURRENTLY a_t ON a (t); ${note('06b')} UPDATE a SET n = n + 1;
     DROP INDEX CONCURRENTLY a_n; ${note('06c')}`,
  );
  await sandbox.write(
    '07_blocks',
    `BEGIN; ${note('07a')} COMMIT; BEGIN; ${note('07b')} UPDATE a SET m = n; COMMIT; ${note('07c')}`,
  );
  await sandbox.write('08_reindex', 'REINDEX INDEX CONCURRENTLY a_t;');
  await sandbox.write('09_vacuum', 'VACUUM a;');
  await sandbox.write(
    '10_last',
    `CREATE TYPE mood AS ENUM ('good'); ALTER TABLE a ADD COLUMN mood mood; ${note('10')}`,
  );
}

/** Schema, data and history, without what differs from one run to the next. */
export async function picture(sandbox: Sandbox): Promise<unknown> {
  return {
    columns: await sandbox.query(
      `SELECT attrelid::regclass::text AS rel, attname, atttypid::regtype::text AS type FROM pg_attribute
         JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'auth_schema'::regnamespace AND attnum > 0 ORDER BY 1, attnum`,
    ),
    indexes: await sandbox.query(
      `SELECT pg_get_indexdef(indexrelid) AS def, indisvalid, indisready FROM pg_index i
         JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'auth_schema'::regnamespace ORDER BY 1`,
    ),
    log: await sandbox.query('SELECT name, count(*)::int FROM auth_schema.log GROUP BY 1 ORDER BY 1'),
    data: await sandbox.query('SELECT count(*)::int, sum(n)::int AS n, sum(m)::int AS m FROM auth_schema.a'),
    history: (await sandbox.history()).map((row) => ({
      name: row.migration_name,
      checksum: row.checksum,
      steps: row.applied_steps_count,
      logs: row.logs,
      finished: row.finished_at !== null,
      rolledBack: row.rolled_back_at !== null,
    })),
  };
}
