import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addField, createRepository, type Repository } from './repository.js';

// Every step starts the Prisma CLI and the engine, each a process of its own.
jest.setTimeout(180_000);

describe('the centralized folder', () => {
  let repository: Repository;
  const central = (...args: string[]) => repository.migrate('migrations', ...args);
  const history = () =>
    repository.query(
      'SELECT service, migration_name, finished_at IS NOT NULL AS done FROM public._prisma_migrations ORDER BY migration_name, started_at',
    );
  const sync = async () => {
    for (const service of ['auth', 'post']) {
      for (const name of await repository.migrationsOf(service)) {
        const path = `prisma/migrations/${name}`;
        await cp(join(repository.folder, service, path), join(repository.folder, 'migrations', path), {
          recursive: true,
        });
      }
    }
  };

  beforeAll(async () => {
    repository = await createRepository();
    await repository.addMigration('auth', '20260101000000_create_users', await sqlOf('auth'));
    await repository.addMigration('post', '20260102000000_create_posts', await sqlOf('post'));
    await repository.addMigration(
      'auth',
      '20260103000000_index',
      'CREATE INDEX CONCURRENTLY users_lower ON auth_schema.users (lower(email));',
    );
    await sync();
  });
  afterAll(() => repository.remove());

  const sqlOf = async (service: string) =>
    (
      await repository.prisma(service, [
        'migrate',
        'diff',
        '--from-empty',
        '--to-schema',
        'prisma/schema.prisma',
        '--script',
      ])
    ).stdout;

  it('deploys each migration into the history of its service, as its owner, in the order of their times', async () => {
    const { code, output } = await central('migrate', 'deploy');
    expect(output).toContain('All migrations have been successfully applied.');
    expect(code).toBe(0);
    expect(await history()).toEqual([
      { service: 'auth', migration_name: '20260101000000_create_users', done: true },
      { service: 'post', migration_name: '20260102000000_create_posts', done: true },
      { service: 'auth', migration_name: '20260103000000_index', done: true },
    ]);
    expect(
      await repository.query(
        "SELECT schemaname, tableowner FROM pg_tables WHERE tablename IN ('users', 'posts') ORDER BY 1",
      ),
    ).toEqual([
      { schemaname: 'auth_schema', tableowner: 'auth_owner' },
      { schemaname: 'post_schema', tableowner: 'post_owner' },
    ]);
    expect(await repository.migrate('auth', 'migrate', 'status')).toMatchObject({ code: 0 });
  });

  it('reads the view: everything is up to date', async () => {
    const { code, output } = await central('migrate', 'status');
    expect(output).toContain('3 migrations found');
    expect(output).toContain('Database schema is up to date!');
    expect(code).toBe(0);
    expect(await central('migrate', 'deploy')).toMatchObject({
      output: expect.stringContaining('No pending migrations'),
    });
  });

  it('resolves a failure in the history where it stands', async () => {
    await repository.addMigration('post', '20260104000000_bad', 'SELECT 1/0;');
    await sync();
    const failed = await central('migrate', 'deploy');
    expect(failed).toMatchObject({
      code: 1,
      output: expect.stringContaining('Migration name: 20260104000000_bad'),
    });
    expect(await central('migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('P3009'),
    });
    expect(await central('migrate', 'resolve', '--rolled-back', '20260104000000_bad')).toMatchObject({
      code: 0,
    });
    expect(await central('migrate', 'resolve', '--applied', '20260104000000_bad')).toMatchObject({ code: 0 });
    expect((await history()).at(-1)).toEqual({
      service: 'post',
      migration_name: '20260104000000_bad',
      done: true,
    });
    expect(await repository.migrate('post', 'migrate', 'status')).toMatchObject({ code: 0 });
    expect(await central('migrate', 'resolve', '--rolled-back', 'nothing')).toMatchObject({
      output: expect.stringContaining('P3011'),
    });
    expect(await central('migrate', 'resolve', '--applied', 'nothing')).toMatchObject({
      output: expect.stringContaining('P3017'),
    });
    await repository.addMigration('post', '20260104000000_bad', 'SELECT 1;');
    await repository.query(
      "UPDATE post_schema._prisma_migrations SET checksum = encode(sha256('SELECT 1;'), 'hex') WHERE migration_name LIKE '%bad'",
    );
    await sync();
  });

  it('says which folder a migration belongs to that no service has', async () => {
    await repository.addMigration('migrations', '20260105000000_stray', 'SELECT 1;');
    const { code, output } = await central('migrate', 'deploy');
    expect(code).toBe(1);
    expect(output).toContain('No service has the migration 20260105000000_stray');
    expect(output).toContain('./sync-schemas.sh');
    await repository.removeMigration('migrations', '20260105000000_stray');
  });

  it('has nothing to write while it equals the services, and sends a change to the service', async () => {
    expect(await central('migrate', 'dev')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Already in sync'),
    });
    const schema = await repository.read('migrations/prisma/schema.prisma');
    await repository.edit('migrations', addField('Post', 'subtitle String?'));
    const before = await repository.migrationsOf('migrations');
    for (const args of [
      ['--name', 'add_subtitle'],
      ['--name', 'add_subtitle', '--create-only'],
    ]) {
      const { code, output } = await central('migrate', 'dev', ...args);
      expect(code).toBe(1);
      expect(output).toContain('is generated from the schemas of the services');
      expect(output).toContain('yarn prisma:migrate:local');
    }
    expect(await repository.migrationsOf('migrations')).toEqual(before);
    await repository.write('migrations/prisma/schema.prisma', schema);
  });

  it('pulls, pushes and compares all schemas together', async () => {
    const pulled = await central('db', 'pull', '--print');
    expect(pulled.stdout).toContain('model User');
    expect(pulled.stdout).toContain('model Post');
    const same = [
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ];
    expect(await central('migrate', 'diff', ...same)).toMatchObject({ code: 0 });
    await repository.edit(
      'migrations',
      (text) =>
        `${text}\nmodel Tag {\n  id Int @id @default(autoincrement())\n\n  @@map("tags")\n  @@schema("post_schema")\n}\n`,
    );
    expect(await central('db', 'push')).toMatchObject({ code: 0 });
    expect(await repository.query("SELECT tableowner FROM pg_tables WHERE tablename = 'tags'")).toEqual([
      { tableowner: 'post_owner' },
    ]);
  });

  it('resets every service together and keeps the view', async () => {
    expect(await central('migrate', 'reset', '--force')).toMatchObject({ code: 0 });
    expect(await history()).toHaveLength(4);
    expect(await repository.query("SELECT to_regclass('post_schema.tags') AS tags")).toEqual([
      { tags: null },
    ]);
    expect(await repository.query("SELECT tableowner FROM pg_tables WHERE tablename = 'posts'")).toEqual([
      { tableowner: 'post_owner' },
    ]);
  });
});
