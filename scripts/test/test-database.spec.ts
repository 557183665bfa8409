import { findServices } from '@bw/migrations/services';
import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

describe('createTestDatabase', () => {
  const databases: TestDatabase[] = [];
  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  async function create(options?: Parameters<typeof createTestDatabase>[0]) {
    const database = await createTestDatabase(options);
    databases.push(database);
    return database;
  }

  it('gives every caller a database of their own', async () => {
    const [one, other] = await Promise.all([create({ migrated: false }), create({ migrated: false })]);
    await query(one.adminUrl, 'CREATE TABLE only_here ()');
    expect(await query(one.adminUrl, "SELECT to_regclass('only_here')::text AS found")).toEqual([
      { found: 'only_here' },
    ]);
    expect(await query(other.adminUrl, "SELECT to_regclass('only_here')::text AS found")).toEqual([
      { found: null },
    ]);
  });

  it('lets an owner migrate and a runtime role log in', async () => {
    const database = await create({ migrated: false });
    await query(database.url('auth_owner', 'auth_schema'), 'CREATE TABLE auth_schema.made_by_owner ()');
    expect(await query(database.url('auth_app'), 'SELECT * FROM auth_schema.made_by_owner')).toEqual([]);
    await expect(query(database.url('post_app'), 'SELECT * FROM auth_schema.made_by_owner')).rejects.toThrow(
      /permission denied/,
    );
    await expect(query(database.url('nobody'), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('has every service migrated unless asked otherwise', async () => {
    const database = await create();
    for (const { schema, appRole } of findServices()) {
      const tables = await query(
        database.url(appRole),
        `SELECT FROM information_schema.tables
        WHERE table_schema = '${schema}' AND table_name <> '_prisma_migrations'`,
      );
      expect(tables.length).toBeGreaterThan(0);
    }
  });

  it('knows no schema when asked for an empty one', async () => {
    const database = await create({ empty: true });
    const schemas = await query(
      database.adminUrl,
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%_schema' AND nspname <> 'information_schema'",
    );
    expect(schemas).toEqual([]);
  });

  it('is gone after drop, whoever is still connected', async () => {
    const database = await createTestDatabase({ empty: true });
    const client = new pg.Client({ connectionString: database.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(query(database.adminUrl, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
