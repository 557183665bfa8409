import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { findServices } from '../../src/services/index.js';
import { buildCli } from './cli.js';

const script = resolve(import.meta.dirname, '../../migrate-multi-schema.sh');

let database: TestDatabase;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.drop());

const run = (env: NodeJS.Dict<string>) =>
  promisify(execFile)(script, { env: { PATH: process.env.PATH, ...env }, cwd: '/' });

async function picture(adminUrl: string) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const ask = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
  const found = {
    objects: await ask(
      `SELECT relnamespace::regnamespace::text AS schema, relname, relkind, relowner::regrole::text AS owner,
              (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(relacl) acl) AS acl
         FROM pg_class WHERE relnamespace::regnamespace::text ~ '_schema$|^public$' ORDER BY 1, 2`,
    ),
    schemas: await ask(
      `SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1`,
    ),
    history: await ask(
      'SELECT service, migration_name, checksum, applied_steps_count FROM _prisma_migrations ORDER BY 1, 2',
    ),
  };
  await client.end();
  return found;
}

it('makes of an empty database, given only an administrator, what initializing and each owner make', async () => {
  const { stdout, stderr } = await run({ ADMIN_DATABASE_URL: database.adminUrl });
  expect(stdout + stderr).not.toContain(':admin@');
  const administered = await picture(database.adminUrl);
  expect(new Set(administered.history.map(({ service }) => service))).toEqual(
    new Set(findServices().map(({ name }) => name)),
  );

  const other = await createTestDatabase({ empty: true });
  await run({
    ADMIN_DATABASE_URL: other.adminUrl,
    AUTH_MIGRATION_DATABASE_URL: other.url('auth_owner'),
    POST_MIGRATION_DATABASE_URL: other.url('post_owner'),
  });
  const owned = await picture(other.adminUrl);
  await other.drop();
  expect(administered).toEqual(owned);
}, 60_000);

it('finds nothing to do the second time', async () => {
  await run({ ADMIN_DATABASE_URL: database.adminUrl });
  const before = await picture(database.adminUrl);
  const { stderr } = await run({ ADMIN_DATABASE_URL: database.adminUrl });
  expect(
    stderr
      .trim()
      .split('\n')
      .every((line) => line.endsWith('up to date.')),
  ).toBe(true);
  expect(await picture(database.adminUrl)).toEqual(before);
}, 60_000);
