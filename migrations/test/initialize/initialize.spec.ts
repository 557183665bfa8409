import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { initializeDatabase } from '@bw/migrations/initialize';
import type { Service } from '@bw/migrations/services';
import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

const insufficientPrivilege = { code: '42501' };
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  await as('auth_owner', 'CREATE TABLE auth_schema.things (id bigserial PRIMARY KEY, name text)');
  await as('post_owner', 'CREATE TABLE post_schema.things (id bigserial PRIMARY KEY, name text)');
});
afterAll(() => database.drop());

describe.each([
  ['auth', 'post'],
  ['post', 'auth'],
])('the roles of %s', (own, other) => {
  it.each([
    `SELECT * FROM ${other}_schema.things`,
    `INSERT INTO ${other}_schema.things (name) VALUES ('x')`,
    `SELECT * FROM ${other}_schema._prisma_migrations`,
    `CREATE TABLE ${other}_schema.more (id int)`,
  ])(`may not: %s`, async (sql) => {
    await expect(as(`${own}_owner`, sql)).rejects.toMatchObject(insufficientPrivilege);
    await expect(as(`${own}_app`, sql)).rejects.toMatchObject(insufficientPrivilege);
  });

  it('may not reference the other schema', async () => {
    const sql = `CREATE TABLE ${own}_schema.child (id bigint REFERENCES ${other}_schema.things)`;
    await expect(as(`${own}_owner`, sql)).rejects.toMatchObject(insufficientPrivilege);
  });

  it('let the runtime role read and write its own tables and use their sequences', async () => {
    await as(`${own}_app`, `INSERT INTO ${own}_schema.things (name) VALUES ('mine')`);
    await as(`${own}_app`, `UPDATE ${own}_schema.things SET name = 'changed'`);
    const rows = await as(`${own}_app`, `DELETE FROM ${own}_schema.things RETURNING name`);
    expect(rows).toEqual([{ name: 'changed' }]);
  });

  it.each([
    `TRUNCATE ${own}_schema.things`,
    `ALTER TABLE ${own}_schema.things ADD COLUMN more text`,
    `CREATE TABLE ${own}_schema.more (id int)`,
    `CREATE SCHEMA ${own}_more`,
    `CREATE TABLE public.${own}_more (id int)`,
    `DELETE FROM ${own}_schema._prisma_migrations`,
    `SELECT setval('${own}_schema.things_id_seq', 1)`,
  ])('do not let the runtime role: %s', async (sql) => {
    await expect(as(`${own}_app`, sql)).rejects.toMatchObject(insufficientPrivilege);
  });

  it('let the runtime role read its own history', async () => {
    expect(await as(`${own}_app`, `SELECT * FROM ${own}_schema._prisma_migrations`)).toEqual([]);
  });
});

describe('the history view', () => {
  beforeAll(async () => {
    for (const service of ['auth', 'post']) {
      await as(
        `${service}_owner`,
        `INSERT INTO ${service}_schema._prisma_migrations (id, checksum, migration_name, finished_at)
         VALUES ('${service}-1', 'c', '1_of_${service}', now())`,
      );
    }
  });

  it("answers the guide's unqualified query with every service", async () => {
    const rows = await admin(
      'SELECT migration_name, service, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY 1',
    );
    expect(rows).toEqual([
      { migration_name: '1_of_auth', service: 'auth', finished: true },
      { migration_name: '1_of_post', service: 'post', finished: true },
    ]);
  });

  it("has Prisma's columns in Prisma's order, then the service", async () => {
    const rows = await admin<{ attname: string }>(
      "SELECT attname FROM pg_attribute WHERE attrelid = 'public._prisma_migrations'::regclass ORDER BY attnum",
    );
    expect(rows.map(({ attname }) => attname).join(' ')).toBe(
      'id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count service',
    );
  });

  it('finds a service nobody told it of, and is not broken by a stray table of that name', async () => {
    await admin('CREATE SCHEMA shop_schema');
    await admin(
      'CREATE TABLE shop_schema._prisma_migrations (LIKE auth_schema._prisma_migrations INCLUDING DEFAULTS)',
    );
    await admin(
      "INSERT INTO shop_schema._prisma_migrations (id, checksum, migration_name) VALUES ('s', 'c', '1_of_shop')",
    );
    await admin('CREATE SCHEMA stray');
    await admin('CREATE TABLE stray._prisma_migrations (id int)');
    const rows = await admin("SELECT service FROM _prisma_migrations WHERE migration_name = '1_of_shop'");
    expect(rows).toEqual([{ service: 'shop' }]);
  });
});

describe('initializeDatabase', () => {
  const third: Service = {
    name: 'billing',
    folder: '',
    schema: 'billing_schema',
    ownerRole: 'billing_owner',
    appRole: 'billing_app',
    schemaFile: '',
    migrationsFolder: '',
  };

  it('serves a service found by its folder', async () => {
    await initializeDatabase({
      adminUrl: database.adminUrl,
      services: [third],
      passwords: { billing_owner: 'billing_owner' },
    });
    await as('billing_owner', 'CREATE TABLE billing_schema.bills (id int)');
  });

  it('changes nothing the second time', async () => {
    const privileges = () =>
      admin(`
      SELECT (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.oid) FROM pg_namespace n WHERE nspname !~ '^pg_') AS schemas,
             (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.oid) FROM pg_default_acl d) AS defaults,
             (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.rolname) FROM pg_authid r WHERE r.rolname ~ '^auth_') AS roles,
             (SELECT jsonb_agg(to_jsonb(c) - 'reltuples' - 'relpages' ORDER BY c.oid) FROM pg_class c
               WHERE relname = '_prisma_migrations') AS histories`);
    const options = { adminUrl: database.adminUrl, passwords: { auth_owner: 'auth_owner' }, createDb: true };
    await initializeDatabase(options);
    const before = await privileges();
    await initializeDatabase(options);
    expect(await privileges()).toEqual(before);
  });

  it('works fifty at once, on one database and on several of the same server', async () => {
    const others = await Promise.all([1, 2, 3].map(() => createTestDatabase({ empty: true })));
    const urls = [database, ...others].map(({ adminUrl }) => adminUrl);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        initializeDatabase({
          adminUrl: urls[index % urls.length] ?? '',
          services: [{ ...third, name: 'fresh', ownerRole: 'fresh_owner' }],
          passwords: { fresh_owner: 'fresh_owner' },
          createDb: true,
        }),
      ),
    );
    for (const other of others) await other.drop();
    expect(await admin("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'fresh_owner'")).toEqual([
      { rolcreatedb: true },
    ]);
  });

  it('stores no clear text, and sets a password that works', async () => {
    await initializeDatabase({
      adminUrl: database.adminUrl,
      services: [third],
      passwords: { billing_app: 'pä$$wörd' },
    });
    const [row] = await admin<{ rolpassword: string }>(
      "SELECT rolpassword FROM pg_authid WHERE rolname = 'billing_app'",
    );
    expect(row?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
    const url = Object.assign(new URL(database.url('billing_app')), { password: 'pä$$wörd' });
    expect(await query(url.href, 'SELECT current_user')).toEqual([{ current_user: 'billing_app' }]);
  });

  it('works for an administrator who is no superuser', async () => {
    await admin("CREATE ROLE managed LOGIN CREATEROLE CREATEDB PASSWORD 'managed'");
    await query(database.url('managed'), 'CREATE DATABASE managed_database');
    const adminUrl = Object.assign(new URL(database.url('managed')), { pathname: '/managed_database' }).href;
    const services = ['managed_a', 'managed_b'].map((name) => ({
      ...third,
      name,
      ownerRole: `${name}_owner`,
    }));
    const file = join(import.meta.dirname, '../../init-schemas.sql');
    // The services' roles belong to the superuser here, so only this administrator's own can be made.
    await expect(initializeDatabase({ adminUrl, services })).rejects.toMatchObject({ code: '42501' });
    const sql = readFileSync(file, 'utf8').replaceAll("ensure_service('", "ensure_service('managed_");
    await query(adminUrl, sql);
    await query(adminUrl, sql);
    expect(await query(adminUrl, 'SELECT count(*)::int FROM _prisma_migrations')).toEqual([{ count: 0 }]);
    await admin('DROP DATABASE managed_database WITH (FORCE)');
  });

  it('says who could not connect where, without the password', async () => {
    const adminUrl = 'postgresql://admin:hidden@127.0.0.1:1/postgres';
    const error = await initializeDatabase({ adminUrl, services: [] }).catch((cause: Error) => cause);
    expect(error).toMatchObject({ code: 'UNREACHABLE' });
    expect((error as Error).message).toMatchInlineSnapshot(
      `"No PostgreSQL answers at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1."`,
    );
  });
});

const admin = <Row extends pg.QueryResultRow>(sql: string) => query<Row>(database.adminUrl, sql);
const as = (role: string, sql: string) => query(database.url(role), sql);

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
