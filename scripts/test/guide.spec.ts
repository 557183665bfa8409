import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsOf } from '@bw/scripts/testing/documents';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { Checkout } from '../src/containers/checkout.js';
import { isolated } from './support/isolated.js';
import { Walkthrough } from './support/walkthrough.js';

// Every chapter starts commands, and most of them the whole environment, as a person would.
jest.setTimeout(600_000);

const root = join(import.meta.dirname, '../..');
// The guide as its readers know it, where it is at hand, and this repository's own.
const guides = ['../shared/guide/MIGRATION_GUIDE.md', 'docs/MIGRATION_GUIDE.md'].filter((path) =>
  existsSync(join(root, path)),
);

describe.each(guides)('%s, typed into a copy of the repository', (guide) => {
  let checkout: Checkout;
  let walkthrough: Walkthrough;
  let databaseUrl: string;

  beforeAll(async () => {
    const env = await isolated();
    checkout = new Checkout(env);
    walkthrough = new Walkthrough(join(root, guide), checkout.folder, { ...process.env, ...env });
    await walkthrough.type('./dev.sh');
    await walkthrough.type('git commit -qm "Begin"');
    databaseUrl = `postgresql://admin:admin@127.0.0.1:${env.POSTGRES_PORT}/postgres`;
  });
  afterAll(async () => {
    await checkout.shell('./dev-stop.sh -v --yes');
    walkthrough.close();
    await checkout.dispose();
  });

  /** On a connection of its own: the guide restarts the server now and then. */
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const newest = (service: string) => {
    const folder = join(checkout.folder, service, 'prisma/migrations');
    const last =
      readdirSync(folder)
        .filter((each) => /^\d/.test(each))
        .sort()
        .at(-1) ?? '';
    return {
      name: last.replace(/^\d+_/, ''),
      sql: readFileSync(join(folder, last, 'migration.sql'), 'utf8'),
    };
  };

  it('Creating Migrations: adds a field, syncs it and commits it', async () => {
    const output = await walkthrough.follow(/^creating migrations$/i, named('add_phone_number_to_users'));
    expect(output).toContain('The migrations of post already make what its schema says.');
    expect(newest('auth')).toEqual({
      name: 'add_phone_number_to_users',
      sql: 'ALTER TABLE auth_schema.users ADD COLUMN phone_number text;\n',
    });
    const committed = (await walkthrough.type('git show --stat=200')).output;
    expect(committed).toMatch(/migrations\/prisma\/schema\.prisma/);
    expect(committed).toMatch(/auth\/prisma\/migrations\/\d+_add_phone_number_to_users\/migration\.sql/);
  });

  it('Read the SQL: shows it, and what the linter and the plan have to say', async () => {
    const [show = '', ...others] = walkthrough.blocks(/^3\. (read|review)/i).flatMap(commandsOf);
    // One of the guides names a migration of a day long past.
    const file = show.replace('20251024_add_phone_number/', '*_add_phone_number_to_users/');
    await walkthrough.type(`cd '${checkout.folder}'`);
    expect((await walkthrough.type(file)).output).toContain(newest('auth').sql.trim());
    for (const command of others) await walkthrough.type(command);
  });

  it('Scenario 1: adds a table', async () => {
    await walkthrough.follow(/^scenario 1/i, named('create_refresh_tokens'));
    expect(newest('auth').sql).toContain('CREATE TABLE "auth_schema"."refresh_tokens"');
    await query(
      `INSERT INTO auth_schema.users (id, email, phone_number) VALUES ('u1', 'a@example.com', '123')`,
    );
    await query(
      `INSERT INTO auth_schema.refresh_tokens (id, token, user_id, expires_at) VALUES ('r1', 't', 'u1', now())`,
    );
  });

  it('Scenario 2: adds a column with a default value', async () => {
    await query(
      `INSERT INTO post_schema.posts (id, title, content, created_by) VALUES ('p1', 'old', 'old', 'u1')`,
    );
    await walkthrough.follow(/^scenario 2/i, named('add_view_count_to_posts'));
    expect(newest('post').sql).toBe(
      'ALTER TABLE post_schema.posts ADD COLUMN view_count int NOT NULL DEFAULT 0;\n',
    );
    expect(await query('SELECT id, view_count FROM post_schema.posts')).toEqual([
      { id: 'p1', view_count: 0 },
    ]);
  });

  it('Scenario 3: renames a column and keeps what is in it', async () => {
    await walkthrough.follow(/^scenario 3/i, named('rename_phone_number_to_phone'));
    expect(newest('auth').sql.replaceAll('"', '')).toBe(
      'ALTER TABLE auth_schema.users RENAME COLUMN phone_number TO phone;\n',
    );
    expect(await query(`SELECT phone FROM auth_schema.users WHERE id = 'u1'`)).toEqual([{ phone: '123' }]);
  });

  it('Scenario 4: adds a foreign key to another service, and a value to the posts there are', async () => {
    const output = await walkthrough.follow(/^scenario 4/i, {
      ...named('add_author_to_posts'),
      'What do the rows that exist get?': '\r',
      'SQL, such as': 'created_by\r',
    });
    expect(output).toContain('User belongs to auth');
    expect(await query('SELECT id, author_id FROM post_schema.posts')).toEqual([
      { id: 'p1', author_id: 'u1' },
    ]);
    await expect(query(`UPDATE post_schema.posts SET author_id = 'nobody'`)).rejects.toMatchObject({
      code: '23503',
    });
    await walkthrough.type('yarn db sync --check');
    await walkthrough.type('yarn db verify');
    const { code, output: findings } = await checkout.shell('node migrations/bin/db lint');
    expect(code).toBe(2);
    expect(findings).toMatch(/^ +fk-cross-service$/m);
    expect(findings).toContain('1 finding');
  });

  it('Descriptive names: takes the good ones and refuses the bad ones', async () => {
    const [good = '', bad = ''] = walkthrough
      .blocks(/descriptive/i)
      .map(({ text }) => text)
      .join('\n')
      .split(/^# Bad.*$/m);
    await walkthrough.type(`cd '${checkout.folder}/auth'`);
    for (const line of commandsOf({ text: bad })) {
      walkthrough.edit('model User {\n  motto String?\n}');
      await expect(walkthrough.type(line)).rejects.toThrow('does not say what the migration changes');
    }
    for (const [at, line] of commandsOf({ text: good }).entries()) {
      walkthrough.edit(`model User {\n  motto${at} String?\n}`);
      await walkthrough.type(line);
      expect(line).toContain(newest('auth').name);
    }
  });

  it('--create-only: writes a migration to be reviewed, which a deploy then applies', async () => {
    const lines = walkthrough.blocks(/drift/i).flatMap(commandsOf);
    const [create = '', deploy = ''] = lines.filter((line) => line.startsWith('yarn prisma migrate'));
    walkthrough.edit('model User {\n  hobby String?\n}');
    await walkthrough.type(create, { 'Enter a name': 'add_hobby_to_users\r' });
    expect(newest('auth').name).toBe('add_hobby_to_users');
    await expect(query('SELECT hobby FROM auth_schema.users')).rejects.toMatchObject({ code: '42703' });
    await walkthrough.type(deploy);
    expect(await query('SELECT count(hobby)::int FROM auth_schema.users')).toEqual([{ count: 0 }]);
  });
});

const named = (name: string) => ({ 'What does the migration do?': `${name}\r` });
