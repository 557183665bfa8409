import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addField, createRepository, queryAs, type Repository } from './repository.js';

// Every step starts the Prisma CLI and the engine, each a process of its own.
jest.setTimeout(180_000);

describe('a service next to another one', () => {
  let repository: Repository;
  const history = () =>
    repository.query<{ service: string }>('SELECT service, migration_name FROM public._prisma_migrations');
  const grantsOn = (schema: string) =>
    repository.query(
      `SELECT n.nspowner::regrole::text AS owner, n.nspacl::text, array_agg(d.defaclacl::text ORDER BY 1) AS defaults
         FROM pg_namespace n LEFT JOIN pg_default_acl d ON d.defaclnamespace = n.oid
        WHERE nspname = $1 GROUP BY n.oid, n.nspowner, n.nspacl`,
      [schema],
    );

  beforeAll(async () => {
    repository = await createRepository();
    for (const service of ['auth', 'post']) {
      expect(
        await repository.migrate(service, 'migrate', 'dev', '--name', `create_${service}`),
      ).toMatchObject({ code: 0 });
    }
    await repository.query("INSERT INTO post_schema.posts VALUES ('1', 'stays')");
  });
  afterAll(() => repository.remove());

  it('has a history of its own, and sees no migration of the other', async () => {
    expect((await history()).map(({ service }) => service).sort()).toEqual(['auth', 'post']);
    const status = await repository.migrate('auth', 'migrate', 'status');
    expect(status).toMatchObject({ code: 0, output: expect.stringContaining('1 migration found') });
  });

  it('pulls its own tables only', async () => {
    const { code, stdout } = await repository.migrate('auth', 'db', 'pull', '--print');
    expect(code).toBe(0);
    expect(stdout).toContain('model User');
    expect(stdout).toContain('@unique(where: raw("(deleted_at IS NULL)"))');
    expect(stdout).not.toContain('posts');
    expect(stdout).not.toContain('_prisma_migrations');
  });

  it('pushes its own schema only', async () => {
    await repository.edit('auth', addField('User', 'nick String?'));
    const pushed = await repository.migrate('auth', 'db', 'push');
    expect(pushed).toMatchObject({
      code: 0,
      output: expect.stringContaining('Your database is now in sync'),
    });
    expect(await repository.query('SELECT nick FROM auth_schema.users')).toEqual([]);
    expect(await repository.query('SELECT title FROM post_schema.posts')).toEqual([{ title: 'stays' }]);
  });

  it('resets its own schema only, and keeps owner and grants of it', async () => {
    const grants = await grantsOn('auth_schema');
    await repository.query(`
      SET ROLE auth_owner;
      CREATE TYPE auth_schema.color AS ENUM ('red');
      CREATE TABLE auth_schema.stray (n serial PRIMARY KEY, c auth_schema.color);
      CREATE VIEW auth_schema.stray_view AS SELECT * FROM auth_schema.stray;
      CREATE FUNCTION auth_schema.stray_function(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
      CREATE PROCEDURE auth_schema.stray_procedure() LANGUAGE sql AS 'SELECT 1';
      CREATE DOMAIN auth_schema.stray_domain AS text;
      CREATE STATISTICS auth_schema.stray_statistics ON n, c FROM auth_schema.stray`);
    expect(await repository.migrate('auth', 'migrate', 'reset', '--force')).toMatchObject({ code: 0 });
    expect(await grantsOn('auth_schema')).toEqual(grants);
    expect(
      await repository.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'auth_schema'::regnamespace AND relkind IN ('r', 'v', 'S') ORDER BY 1",
      ),
    ).toEqual([{ relname: '_prisma_migrations' }, { relname: 'users' }]);
    expect(
      await repository.query("SELECT proname FROM pg_proc WHERE pronamespace = 'auth_schema'::regnamespace"),
    ).toEqual([]);
    expect(await repository.query('SELECT title FROM post_schema.posts')).toEqual([{ title: 'stays' }]);
    expect(await history()).toHaveLength(2);
    const app = repository.database.url('auth_app', 'auth_schema');
    expect((await queryAs(app, 'SELECT count(*) FROM auth_schema.users')).rows).toEqual([{ count: '0' }]);
    await expect(queryAs(app, 'DELETE FROM auth_schema._prisma_migrations')).rejects.toThrow(
      'permission denied',
    );
  });

  it('is not reset while the other depends on it', async () => {
    await repository.query(`
      ALTER TABLE post_schema.posts ADD author_id text REFERENCES auth_schema.users;
      CREATE VIEW post_schema.authors AS SELECT id FROM auth_schema.users`);
    const { code, output } = await repository.migrate('auth', 'migrate', 'reset', '--force');
    expect(code).toBe(1);
    expect(output).toContain('constraint posts_author_id_fkey on table post_schema.posts');
    expect(output).toContain('view post_schema.authors');
    expect(await history()).toHaveLength(2);
    await repository.query('DROP VIEW post_schema.authors; ALTER TABLE post_schema.posts DROP author_id');
  });

  it('waits for whoever migrates at the moment, and says so when that takes too long', async () => {
    const { default: pg } = await import('pg');
    const other = new pg.Client({ connectionString: repository.database.adminUrl });
    await other.connect();
    await other.query('SELECT pg_advisory_lock(72707369)');
    const { code, output } = await repository.migrate('auth', 'migrate', 'deploy');
    await other.end();
    expect(code).toBe(1);
    expect(output).toContain('P1002');
    expect(output).toContain('Timed out trying to acquire a postgres advisory lock');
  });

  it('is no second one that makes migrations of its service', async () => {
    const { default: pg } = await import('pg');
    const other = new pg.Client({ connectionString: repository.database.adminUrl });
    await other.connect();
    await other.query("SELECT pg_advisory_lock(hashtext('db create'), hashtext('auth_schema'))");
    const busy = await repository.migrate('auth', 'migrate', 'dev', '--name', 'add_nothing');
    await other.end();
    expect(busy).toMatchObject({
      code: 1,
      output: expect.stringMatching(/Another run is making migrations of auth \(server process \d+, since /),
    });
    expect(await repository.migrate('auth', 'migrate', 'dev', '--name', 'add_nothing')).toMatchObject({
      code: 0,
    });
  });

  it('says that a role which may make no shadow database needs it', async () => {
    await repository
      .query("CREATE ROLE nobody_special LOGIN PASSWORD 'nobody' IN ROLE auth_owner")
      .catch(() => undefined);
    const url = new URL(repository.urlOf('auth'));
    url.username = 'nobody_special';
    url.password = 'nobody';
    const { output } = await repository.prisma('auth', ['migrate', 'dev', '--name', 'x'], {
      DATABASE_URL: url.href,
    });
    expect(output).toContain('P3014');
    expect(output).toContain('permission denied to create database');
  });
});
