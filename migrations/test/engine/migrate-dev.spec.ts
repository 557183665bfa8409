import { join } from 'node:path';
import { type Answers, Terminal, type Typed } from '@bw/scripts/testing/terminal';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type EngineError,
  migrationList,
  noFilter,
  readMigrations,
  readSchemaFile,
  withEngine,
} from '../../src/engine/index.js';
import { addField, bareEnvironment, createRepository, prismaCli, type Repository } from './repository.js';

// Every step starts the Prisma CLI and the engine, each a process of its own.
jest.setTimeout(180_000);

describe('prisma migrate dev', () => {
  let repository: Repository;
  const dev = (...args: string[]) => repository.migrate('auth', 'migrate', 'dev', ...args);
  const removeField = (name: string) => (schema: string) => schema.replace(new RegExp(`\n  ${name} .*`), '');

  beforeAll(async () => {
    repository = await createRepository();
  });
  afterAll(() => repository.remove());

  it('writes and applies a named migration without a terminal', async () => {
    const { code, output } = await dev('--name', 'create_users');
    expect(output).toContain('Your database is now in sync with your schema.');
    expect(code).toBe(0);
    const [name] = await repository.migrationsOf('auth');
    expect(name).toMatch(/^\d{14}_create_users$/);
    expect(await repository.read(`auth/prisma/migrations/${name}/migration.sql`)).toContain(
      'CREATE UNIQUE INDEX "users_email_key" ON "auth_schema"."users"("email") WHERE ("deleted_at" IS NULL);',
    );
    expect(await repository.query('SELECT migration_name, service FROM public._prisma_migrations')).toEqual([
      { migration_name: name, service: 'auth' },
    ]);
  });

  it('finds nothing to do afterwards', async () => {
    expect(await dev()).toMatchObject({ code: 0, output: expect.stringContaining('Already in sync') });
  });

  it('writes a draft with --create-only, which the next run applies', async () => {
    await repository.edit('auth', addField('User', 'phone String?'));
    expect(await dev('--create-only', '--name', 'add_phone')).toMatchObject({ code: 0 });
    expect(await columns()).not.toContain('phone');
    expect(await dev()).toMatchObject({ code: 0, output: expect.stringContaining('add_phone') });
    expect(await columns()).toContain('phone');
  });

  it('asks for --name where nobody can be asked', async () => {
    const { code, output } = await dev('--create-only');
    expect(code).toBe(1);
    expect(output).toContain('--name add_phone_number_to_users');
    expect(await repository.migrationsOf('auth')).toHaveLength(2);
  });

  it('does not lose data unasked, and drafts what would', async () => {
    await repository.query("INSERT INTO auth_schema.users (id, email, phone) VALUES ('1', 'a@b.c', '1')");
    await repository.edit('auth', removeField('phone'));
    const { code, output } = await dev('--name', 'drop_phone');
    expect(code).toBe(1);
    expect(output).toContain('This throws away auth_schema.users.phone, which holds a value in 1 row.');
    expect(output).toContain('--create-only');
    expect(await repository.migrationsOf('auth')).toHaveLength(2);
    expect(await dev('--name', 'drop_phone', '--create-only')).toMatchObject({ code: 0 });
    const name = (await repository.migrationsOf('auth')).at(-1);
    expect(await repository.read(`auth/prisma/migrations/${name}/migration.sql`)).toMatch(
      /^-- This throws away auth_schema\.users\.phone, which holds a value in 1 row\.\n/,
    );
    expect(await repository.migrate('auth', 'migrate', 'deploy')).toMatchObject({ code: 0 });
    expect(await columns()).not.toContain('phone');
  });

  it('asks for a name on a terminal, and whether to go on where data is lost', async () => {
    await repository.edit('auth', addField('User', 'nick String?'));
    const asked = await onTerminal(['migrate', 'dev', '--create-only'], {
      'Enter a name for the new migration': 'add nick\r',
    });
    expect(asked).toMatchObject({ code: 0 });
    expect((await repository.migrationsOf('auth')).at(-1)).toMatch(/_add_nick$/);
    expect(await columns()).not.toContain('nick');
    expect(await repository.migrate('auth', 'migrate', 'deploy')).toMatchObject({ code: 0 });

    await repository.query("UPDATE auth_schema.users SET nick = 'a'");
    await repository.edit('auth', removeField('nick'));
    const declined = await onTerminal(['migrate', 'dev', '--name', 'drop_nick'], { 'Are you sure': 'n' });
    expect(declined.output).toContain('Migration cancelled.');
    expect(await columns()).toContain('nick');
    const agreed = await onTerminal(['migrate', 'dev', '--name', 'drop_nick'], { 'Are you sure': 'y' });
    expect(agreed.output).toContain('Your database is now in sync with your schema.');
    expect(await columns()).not.toContain('nick');
  });

  describe('where Prisma would offer to reset the database', () => {
    /** What the engine answers when Prisma asks how to go on. The CLI prints it, and nothing else happens. */
    const refused = async () => {
      const before = await repository.query('SELECT count(*) FROM auth_schema.users');
      const { message, hint } = await diagnose();
      expect(message).toContain('Nothing was changed.');
      expect(await repository.query('SELECT count(*) FROM auth_schema.users')).toEqual(before);
      return `${message}\n${hint}`;
    };

    it('shows what the database has more than the history', async () => {
      await repository.query('CREATE TABLE auth_schema.stray (id int PRIMARY KEY)');
      const { code, output } = await dev('--name', 'anything');
      expect(code).toBe(1);
      expect(output).toContain('Nothing was changed.');
      expect(output).not.toContain('All data will be lost');
      expect(output).toContain('Drift detected');
      expect(output).toContain('[+] Added tables\n  - stray');
      expect(output).toContain(
        'yarn prisma migrate diff --from-migrations prisma/migrations --to-config-datasource',
      );
      await repository.query('DROP TABLE auth_schema.stray');
    });

    it('names a migration that was edited after it was applied', async () => {
      const [first] = await repository.migrationsOf('auth');
      const path = `auth/prisma/migrations/${first}/migration.sql`;
      const sql = await repository.read(path);
      await repository.write(path, `${sql}-- edited\n`);
      const output = await refused();
      expect(output).toContain(`The migration \`${first}\` was modified after it was applied.`);
      expect(output).toContain(`${first}/migration.sql`);
      await repository.write(path, sql);
    });

    it('takes an exception from a lint rule that was added since for what it is', async () => {
      const [first] = await repository.migrationsOf('auth');
      const path = `auth/prisma/migrations/${first}/migration.sql`;
      const sql = await repository.read(path);
      await repository.write(path, `-- lint: allow wide-index because it was measured\n${sql}`);
      expect(await dev('--name', 'nothing_new')).toMatchObject({ code: 0 });
      await repository.write(path, sql);
    });

    it('names a migration whose folder is gone', async () => {
      const insert = `INSERT INTO auth_schema._prisma_migrations (id, checksum, migration_name, finished_at)
                      VALUES ('x', 'x', '20200101000000_of_another_branch', now())`;
      await repository.query(insert);
      expect(await refused()).toContain('  20200101000000_of_another_branch');
      await repository.query("DELETE FROM auth_schema._prisma_migrations WHERE id = 'x'");
    });

    it('says how to go on after a failure', async () => {
      const name = '20990101000000_bad';
      await repository.addMigration(
        'auth',
        name,
        'INSERT INTO auth_schema.users SELECT FROM generate_series(1, 1);',
      );
      await repository.migrate('auth', 'migrate', 'deploy');
      await repository.addMigration('auth', name, 'SELECT 1;');
      const output = await refused();
      expect(output).toContain(`The migration \`${name}\` failed.`);
      expect(output).toContain(`yarn prisma migrate resolve --rolled-back ${name}`);
      expect(await repository.migrate('auth', 'migrate', 'resolve', '--rolled-back', name)).toMatchObject({
        code: 0,
      });
      expect(await repository.migrate('auth', 'migrate', 'deploy')).toMatchObject({ code: 0 });
    });

    async function diagnose(): Promise<EngineError> {
      const folder = join(repository.folder, 'auth/prisma');
      const migrations = await readMigrations(join(folder, 'migrations'));
      const schemaFiles = [await readSchemaFile(join(folder, 'schema.prisma'))];
      const question = {
        migrationsList: migrationList(join(folder, 'migrations'), migrations),
        filters: noFilter,
      };
      return withEngine({ url: repository.urlOf('auth'), schemaFiles }, (engine) =>
        engine.call('devDiagnostic', question).then(
          () => Promise.reject(new Error('It found nothing to explain.')),
          (error: EngineError) => error,
        ),
      );
    }
  });

  async function columns(): Promise<string[]> {
    const rows = await repository.query<{ attname: string }>(
      "SELECT attname FROM pg_attribute WHERE attrelid = 'auth_schema.users'::regclass AND attnum > 0",
    );
    return rows.map(({ attname }) => attname);
  }

  async function onTerminal(args: string[], answers: Answers): Promise<Typed> {
    const terminal = new Terminal(join(repository.folder, 'auth'), {
      ...bareEnvironment,
      DATABASE_URL: repository.urlOf('auth'),
    });
    try {
      return await terminal.type(`'${process.execPath}' '${prismaCli}' ${args.join(' ')}`, answers);
    } finally {
      terminal.close();
    }
  }
});
