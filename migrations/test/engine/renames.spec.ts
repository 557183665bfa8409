import { join } from 'node:path';
import { syncSchemas } from '@bw/migrations/schema';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EngineContext } from '../../src/engine/context.js';
import { devMethods } from '../../src/engine/dev/index.js';
import {
  createEngine,
  migrationList,
  noFilter,
  readMigrations,
  readSchemaFile,
} from '../../src/engine/index.js';
import { resolveSettings } from '../../src/engine/settings.js';
import { container } from '../../src/engine/targets.js';
import { UserError } from '../../src/errors/index.js';
import { addField, createRepository, type Repository } from './repository.js';

// Every step starts the Prisma CLI and the engine, each a process of its own.
jest.setTimeout(180_000);

const models = `
  phoneNumber String? @map("phone_number")
  nick        String? @map("nick_name")
  role        Role    @default(USER)

  @@index([phoneNumber])`;

const roles = `
enum Role {
  USER
  ADMIN

  @@map("role")
  @@schema("auth_schema")
}
`;

const refreshToken = `
model RefreshToken {
  id     String @id
  token  String @unique
  userId String @map("user_id")
  user   User   @relation(fields: [userId], references: [id], onDelete: Cascade)

  @@map("refresh_tokens")
  @@schema("auth_schema")
}
`;

let repository: Repository;
const dev = (...args: string[]) => repository.migrate('auth', 'migrate', 'dev', ...args);

beforeAll(async () => {
  repository = await createRepository();
  await repository.edit('auth', (schema) => addField('User', models.trim())(schema) + roles);
  expect(await dev('--name', 'create_users')).toMatchObject({ code: 0 });
  await repository.query(
    `INSERT INTO auth_schema.users (id, email, phone_number, nick_name, role) VALUES ('1', 'a@b.c', '123', 'a', 'ADMIN')`,
  );
});
afterAll(() => repository.remove());

/** Replaces texts in the schema, as Prisma's own command migrates it. Answers the SQL. */
async function edited(name: string, ...replacements: [string, string][]): Promise<string> {
  await syncSchemas({ root: repository.folder });
  await edit(...replacements);
  return migrated(name);
}

const edit = (...replacements: [string, string][]) =>
  repository.edit('auth', (schema) =>
    replacements.reduce((text, [from, to]) => text.replaceAll(from, to), schema),
  );

async function migrated(name: string): Promise<string> {
  const { code, output } = await dev('--name', name);
  expect(output).toContain('Your database is now in sync with your schema.');
  expect(code).toBe(0);
  const newest = (await repository.migrationsOf('auth')).at(-1);
  expect(newest).toMatch(new RegExp(`^\\d{14}_${name}$`));
  return repository.read(`auth/prisma/migrations/${newest}/migration.sql`);
}

/** Makes an edit for as long as `work` takes. */
async function whileEdited<T>(change: (schema: string) => string, work: () => Promise<T>): Promise<T> {
  const schema = await repository.read('auth/prisma/schema.prisma');
  await repository.edit('auth', change);
  try {
    return await work();
  } finally {
    await repository.edit('auth', () => schema);
  }
}

/** Asks the engine what Prisma asks it for an edit, without Prisma. Answers why it refuses. */
const refusal = (change: (schema: string) => string, migrationName: string, draft = false) =>
  whileEdited(change, async () => {
    const folder = join(repository.folder, 'auth/prisma');
    const schemaFiles = [await readSchemaFile(join(folder, 'schema.prisma'))];
    const migrations = await readMigrations(join(folder, 'migrations'));
    const asked = {
      migrationsList: migrationList(join(folder, 'migrations'), migrations),
      schema: container(schemaFiles),
      filters: noFilter,
    };
    const context = new EngineContext(await resolveSettings({ url: repository.urlOf('auth'), schemaFiles }));
    try {
      const engine = createEngine(context, devMethods);
      expect(await engine.call('evaluateDataLoss', asked)).toMatchObject({ migrationSteps: 1, warnings: [] });
      await engine.call('createMigration', { ...asked, migrationName, draft });
      return 'not refused';
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return `${error.message}\n${error.hint}`;
    } finally {
      await context.close();
    }
  });

describe('prisma migrate dev keeps the data of', () => {
  afterAll(async () => {
    expect(await dev()).toMatchObject({ code: 0, output: expect.stringContaining('Already in sync') });
  });

  it('a column, as the guide promises', async () => {
    expect(await edited('rename_phone_number', ['"phone_number"', '"phone"'])).toMatchInlineSnapshot(`
"ALTER TABLE "auth_schema"."users" RENAME COLUMN "phone_number" TO "phone";

ALTER INDEX "auth_schema"."users_phone_number_idx" RENAME TO "users_phone_idx";
"
`);
    expect(await repository.query('SELECT phone FROM auth_schema.users')).toEqual([{ phone: '123' }]);
  });

  it('a table, an enum and a value of the enum, in one edit', async () => {
    const sql = await edited(
      'rename_users_and_roles',
      ['@@map("users")', '@@map("people")'],
      ['@@map("role")', '@@map("person_role")'],
      ['  ADMIN', '  ADMIN @map("admin")'],
    );
    expect(sql).toMatchInlineSnapshot(`
"ALTER TYPE "auth_schema"."role" RENAME TO "person_role";

ALTER TABLE "auth_schema"."users" RENAME TO "people";

ALTER TYPE "auth_schema"."person_role" RENAME VALUE 'ADMIN' TO 'admin';

ALTER TABLE "auth_schema"."people" RENAME CONSTRAINT "users_pkey" TO "people_pkey";

ALTER INDEX "auth_schema"."users_email_key" RENAME TO "people_email_key";

ALTER INDEX "auth_schema"."users_phone_idx" RENAME TO "people_phone_idx";
"
`);
    expect(await repository.query('SELECT role FROM auth_schema.people')).toEqual([{ role: 'admin' }]);
  });

  it('two columns that exchange their names', async () => {
    await edited(
      'swap_phone_and_nick_name',
      ['"phone"', '"other"'],
      ['"nick_name"', '"phone"'],
      ['"other"', '"nick_name"'],
    );
    expect(await repository.query('SELECT phone, nick_name FROM auth_schema.people')).toEqual([
      { phone: 'a', nick_name: '123' },
    ]);
  });
});

describe('prisma migrate dev writes what `yarn db create` would write', () => {
  it('for the examples of the guide', async () => {
    await repository.edit('auth', addField('User', 'fullName String? @map("full_name")'));
    expect(await migrated('add_full_name_column')).toBe(
      'ALTER TABLE auth_schema.people ADD COLUMN full_name text;\n',
    );

    await repository.edit('auth', addField('User', '@@index([email])'));
    expect(await migrated('add_index_to_email')).toBe(
      'CREATE INDEX CONCURRENTLY people_email_idx ON auth_schema.people (email);\n',
    );

    await repository.edit(
      'auth',
      (schema) => addField('User', 'tokens RefreshToken[]')(schema) + refreshToken,
    );
    const sql = await migrated('create_refresh_tokens_table');
    expect(sql).toContain('CREATE TABLE "auth_schema"."refresh_tokens"');
    expect(sql).toContain('ADD CONSTRAINT "refresh_tokens_user_id_fkey" FOREIGN KEY');
  });

  it('but not under a name that says nothing', async () => {
    const addBio = addField('User', 'bio String?');
    expect(await refusal(addBio, 'update')).toContain('"update" does not say what the migration changes.');
    expect(await refusal(addBio, 'fix', true)).toContain('add_phone_number_to_users');
  });

  it('and leaves to that command what has to be asked', async () => {
    const renamed = await refusal(
      (schema) => schema.replace('fullName String? @map("full_name")', 'wholeName String?'),
      'rename_full_name',
    );
    expect(renamed).toMatchInlineSnapshot(`
"Renamed, or dropped with its data and made new? people.full_name is gone and wholeName is new.
Nothing was written.
Prisma's own command has no way to answer. This one asks on a terminal, and takes flags:
  yarn prisma:migrate:local --name rename_full_name
Add --rename people.full_name=wholeName to keep the data, or --no-renames if nothing was renamed."
`);
    const required = await refusal(addField('User', 'country String'), 'add_country', true);
    expect(required).toContain('yarn prisma:migrate:local --name add_country --create-only');
    expect(required).toContain('--fill "people.country=');
  });

  it('and what takes several migrations, of which nothing is written', async () => {
    const before = await repository.migrationsOf('auth');
    const { code, output } = await whileEdited(
      addField('User', 'country String?\n  @@index([country])'),
      () => dev('--name', 'add_country_with_index'),
    );
    expect(code).toBe(1);
    expect(output).toContain('this change is made in 2 migrations');
    expect(output).toContain('build_people_country_idx');
    expect(output).toContain('yarn prisma:migrate:local --name add_country_with_index');
    expect(await repository.migrationsOf('auth')).toEqual(before);
  });

  it('and lets the author write a draft for which the schema has nothing', async () => {
    expect(await dev('--create-only', '--name', 'lower_case_addresses')).toMatchObject({ code: 0 });
    const name = (await repository.migrationsOf('auth')).at(-1);
    await repository.write(
      `auth/prisma/migrations/${name}/migration.sql`,
      'UPDATE auth_schema.people SET email = lower(email);',
    );
    expect(await repository.migrate('auth', 'migrate', 'deploy')).toMatchObject({ code: 0 });
  });
});
