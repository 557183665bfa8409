import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrationList, noFilter, type SchemaFile, withEngine } from '../../src/engine/index.js';
import { queryAs } from './repository.js';

const schema = (body: string): SchemaFile[] => [
  [
    'schema.prisma',
    `generator client {
  provider        = "prisma-client"
  output          = "../generated"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
  schemas  = ["auth_schema"]
}

${body}`,
  ],
];

const user = schema(`model User {
  id    String    @id
  email String
  gone  DateTime?

  @@unique([email], where: { gone: null })
  @@map("users")
  @@schema("auth_schema")
}
`);

describe('the engine in this process', () => {
  let database: TestDatabase;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    url = database.url('auth_owner', 'auth_schema');
  });
  afterAll(() => database.drop());

  it('compares schema files without a database', async () => {
    const sql = await withEngine({}, (engine) => engine.diff({ empty: true }, { schema: user }));
    expect(sql).toContain('CREATE TABLE "auth_schema"."users"');
    expect(await withEngine({}, (engine) => engine.diff({ schema: user }, { schema: user }))).toBe('');
  });

  it('proves migrations that are not on disk against a schema', async () => {
    await withEngine({ url }, async (engine) => {
      const sql = await engine.diff({ empty: true }, { schema: user });
      const history = [{ name: '20260101000000_create_users', sql }];
      expect(await engine.diff({ migrations: history }, { schema: user })).toBe('');
      const next = [
        ...history,
        { name: '20260102000000_add', sql: 'ALTER TABLE auth_schema.users ADD COLUMN x int' },
      ];
      expect(await engine.diff({ migrations: next }, { schema: user })).toContain('DROP COLUMN "x"');
    });
  });

  it('replays them after a script that prepares the shadow database', async () => {
    const migrations = [{ name: '20260101000000_view', sql: 'CREATE TABLE auth_schema.b (LIKE other.a)' }];
    const before = 'CREATE SCHEMA auth_schema; CREATE SCHEMA other; CREATE TABLE other.a (id int)';
    const sql = await withEngine({ url }, (engine) => engine.diff({ migrations, before }, { schema: user }));
    expect(sql).toContain('DROP TABLE "auth_schema"."b"');
  });

  it('names the migration, the statement and the line that do not apply', async () => {
    const sql =
      'CREATE SCHEMA IF NOT EXISTS auth_schema;\n\n-- of nothing\nCREATE VIEW auth_schema.v AS\nSELECT 1 FROM auth_schema.nothing;';
    const migrations = [{ name: '20260101000000_view', sql }];
    await expect(
      withEngine({ url }, (engine) => engine.diff({ migrations }, { schema: user })),
    ).rejects.toMatchObject({
      message: expect.stringContaining('Failing statement (line 4):\nCREATE VIEW auth_schema.v AS'),
    });
  });

  it('replays a history once, and again where it goes another way', async () => {
    const step = (at: number, sql: string) => ({ name: `2026010${at}000000_step`, sql });
    // Gives another table each time it runs.
    const first = step(
      1,
      `DO $$ BEGIN CREATE SCHEMA auth_schema; EXECUTE format('CREATE TABLE auth_schema.%I ()', gen_random_uuid()); END $$`,
    );
    const table = (name: string) => step(2, `CREATE TABLE auth_schema.${name} ()`);
    await withEngine({ url }, async (engine) => {
      const drops = async (...migrations: { name: string; sql: string }[]) =>
        (await engine.diff({ migrations }, { schema: user })).match(
          /(?<=DROP TABLE "auth_schema".").+(?=")/g,
        );
      const [random] = (await drops(first)) ?? [];
      expect(random).toMatch(/^[0-9a-f-]{36}$/);
      expect((await drops(first, table('b')))?.sort()).toEqual([random, 'b'].sort());
      const [another] = (await drops(first)) ?? [];
      expect(another).toBe(random);
      await expect(
        drops(first, step(2, 'CREATE TABLE auth_schema.d (); COMMIT; nonsense')),
      ).rejects.toThrow();
      const anew = await drops(first, table('c'));
      expect(anew).toContain('c');
      expect(anew).toHaveLength(2);
      expect(anew).not.toContain(random);
      expect(await drops(table('nothing')).catch(({ code }) => code)).toBe('P3006');
    });
  });

  it('sees partial indexes and checks in a database, so that nothing seems to differ', async () => {
    await withEngine({ url, schemaFiles: user }, async (engine) => {
      await queryAs(url, await engine.diff({ empty: true }, { schema: user }));
      await queryAs(url, `ALTER TABLE auth_schema.users ADD CHECK (email = lower(email))`);
      expect(await engine.diff({ database: user }, { schema: user })).toBe('');
      const list = { migrationsList: migrationList('/none', []), filters: noFilter };
      await expect(engine.call('devDiagnostic', list)).rejects.toMatchObject({ code: 'HISTORY_DIFFERS' });
    });
  });

  it('leaves no shadow database behind and takes away those of killed engines', async () => {
    const born = (Date.now() - 3_600_000).toString(36);
    const stale = `prisma_migrate_shadow_db_${born}_00000000`;
    const foreign = 'prisma_migrate_shadow_db_9f0c54e7-7a52-4e4e-8cb6-2f3f2f9e3c11';
    for (const name of [stale, foreign]) await queryAs(url, `CREATE DATABASE "${name}"`);
    await withEngine({ url }, (engine) => engine.diff({ migrations: [] }, { schema: user }));
    const { rows } = await queryAs(
      database.adminUrl,
      "SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = datdba WHERE datname LIKE 'prisma_migrate%' AND rolname = 'auth_owner' AND datname = ANY ($1)",
      [[stale, foreign]],
    );
    expect(rows).toEqual([{ datname: foreign }]);
    await queryAs(database.adminUrl, `DROP DATABASE "${foreign}"`);
  });

  it.each([
    ['P1000', (good: URL) => Object.assign(good, { password: 'wrong' })],
    ['P1001', (good: URL) => Object.assign(good, { port: '9' })],
    ['P1003', (good: URL) => Object.assign(good, { pathname: '/missing' })],
    ['P1013', () => 'mysql://localhost/x'],
  ])('answers %s as Prisma does', async (code, spoil) => {
    const bad = String(spoil(new URL(url)));
    const asked = withEngine({ url: bad }, (engine) => engine.call('version', {} as never));
    await expect(asked).rejects.toMatchObject({ name: 'EngineError', code });
  });

  it('says that a URL is missing where one is needed', async () => {
    const asked = withEngine({}, (engine) => engine.diff({ empty: true }, { database: user }));
    await expect(asked).rejects.toMatchObject({ code: 'NO_DATABASE_URL' });
  });
});
