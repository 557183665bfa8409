import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

const blog = (title = 'title', table = 'posts') => `
model Post {
  id    Int    @id @default(autoincrement())
  ${title} String
  body  String @default("")

  @@map("${table}")
}

model Tag {
  id    Int    @id
  title String

  @@map("tags")
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('post', blog());
  await sandbox.migrate('post', { name: 'create_posts' });
});
afterEach(() => sandbox.remove());

/** As a migration by hand, which nobody has applied yet. */
const write = (sql: string) =>
  sandbox.write('post/prisma/migrations/20990101000000_by_hand/migration.sql', sql);

const tidy = (text: string) => `
CREATE FUNCTION post_schema.tidy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${text}; RETURN NEW; END $$;
CREATE TRIGGER tidy BEFORE INSERT ON post_schema.posts FOR EACH ROW EXECUTE FUNCTION post_schema.tidy();
`;

const rename = { renames: ['posts.title=headline'], name: 'rename_title' };

const refused = (what: string) => ({
  code: 'NAMED_IN_FUNCTION',
  exitCode: 2,
  message: expect.stringContaining(what),
  hint: expect.stringMatching(/--create-only.*CREATE OR REPLACE FUNCTION.*--keep-functions/),
});

describe('a function that names', () => {
  it.each([
    ['a column of the row that its trigger gives it', tidy('NEW.Title := trim(NEW.title)')],
    ['it as a key', tidy("RAISE NOTICE '%', to_jsonb(NEW) ->> 'title'")],
    [
      'it in what it executes',
      `CREATE FUNCTION post_schema.count() RETURNS void LANGUAGE plpgsql AS
$$ BEGIN EXECUTE 'UPDATE post_schema.posts SET title = ''x'''; END $$;`,
    ],
    [
      'it in SQL',
      "CREATE FUNCTION post_schema.first() RETURNS text LANGUAGE sql AS 'SELECT title FROM post_schema.posts LIMIT 1';",
    ],
    [
      'it of a row that it takes',
      "CREATE FUNCTION post_schema.shout(p post_schema.posts) RETURNS text LANGUAGE sql AS 'SELECT upper(p.title)';",
    ],
  ])('%s: is not broken by a rename of the column', async (_, sql) => {
    await write(sql);
    await sandbox.edit('post', blog('headline'));
    await expect(sandbox.create('post', rename)).rejects.toMatchObject(
      refused('names post_schema.posts.title, which becomes headline'),
    );
    expect(await sandbox.migrations('post')).toHaveLength(3);
  });

  it('what is dropped, or another table: is not broken either', async () => {
    await write(tidy('NEW.body := (SELECT min(title) FROM post_schema.tags)'));
    await sandbox.edit('post', blog().replace('  body  String @default("")\n', ''));
    await expect(sandbox.create('post')).rejects.toMatchObject(refused('posts.body, which is dropped'));
    await sandbox.edit('post', blog().replace('"tags"', '"labels"'));
    await expect(sandbox.create('post', { renames: ['tags=labels'] })).rejects.toMatchObject(
      refused('The function post_schema.tidy() names post_schema.tags, which becomes labels.'),
    );
  });

  it.each([
    [
      'the enum',
      'CREATE FUNCTION post_schema.open() RETURNS text LANGUAGE sql AS $$ SELECT \'OPEN\'::post_schema."Mood" $$',
    ],
    [
      'a table with it',
      "CREATE FUNCTION post_schema.opened() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM post_schema.tickets WHERE mood = 'OPEN' $$",
    ],
    [
      'it as what it takes',
      'CREATE FUNCTION post_schema.is_open(mood post_schema."Mood") RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN mood = \'OPEN\'; END $$',
    ],
    [
      'a row with it',
      "CREATE FUNCTION post_schema.is_open(ticket post_schema.tickets) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN ticket.mood = 'OPEN'; END $$",
    ],
  ])('a value, and %s: is not broken by a rename of the value', async (_, sql) => {
    const tickets = (value: string) => `${blog()}
enum Mood {
  ${value}
  CLOSED
}

model Ticket {
  id   Int  @id
  mood Mood

  @@map("tickets")
}
`;
    await sandbox.edit('post', tickets('OPEN'));
    await sandbox.migrate('post', { name: 'create_tickets' });
    await write(sql);
    await sandbox.edit('post', tickets('OPENED'));
    const options = { renames: ['Mood.OPEN=OPENED'], name: 'rename_open' };
    await expect(sandbox.create('post', options)).rejects.toMatchObject(
      refused('names post_schema.Mood.OPEN, which becomes OPENED'),
    );
    await write(sql.replaceAll("'OPEN'", "'CLOSED'"));
    expect(await sandbox.create('post', options)).toHaveLength(1);
  });

  it('can be written anew in the migration that renames', async () => {
    await write(tidy('NEW.title := trim(NEW.title)'));
    await sandbox.edit('post', blog('headline'));
    let told = '';
    const options = { ...rename, createOnly: true, onPlanned: (text: string) => (told += text) };
    const [migration] = await sandbox.create('post', options);
    expect(told).toContain('post_schema.tidy()');
    const replace = tidy('NEW.headline := trim(NEW.headline)')
      .replace('CREATE', 'CREATE OR REPLACE')
      .split(';\nCREATE TRIGGER')[0];
    await sandbox.write(
      `post/prisma/migrations/${migration?.name}/migration.sql`,
      `${migration?.sql}${replace};`,
    );
    await sandbox.migrate('post');
    const rows = await sandbox.query(
      "INSERT INTO post_schema.posts (headline) VALUES (' x ') RETURNING headline",
    );
    expect(rows).toEqual([{ headline: 'x' }]);
  });
});

describe('a function that stays right', () => {
  it.each([
    ['names a column of another table', 'NEW.body := (SELECT min(title) FROM post_schema.tags)', 'tags'],
    ['has the name in a comment', 'NEW.body := 1 -- the title\n', ''],
    ['has the name in a sentence', "RAISE NOTICE 'no title'", ''],
  ])('where it %s', async (_, text, table) => {
    await write(table ? tidy(text).replace(/CREATE TRIGGER.*/, '') : tidy(text));
    await sandbox.edit('post', blog('headline'));
    expect(await sandbox.migrate('post', rename)).toHaveLength(1);
  });

  it('because PostgreSQL has read it', async () => {
    await write(
      'CREATE FUNCTION post_schema.first() RETURNS text BEGIN ATOMIC SELECT min(title) FROM post_schema.posts; END;',
    );
    await sandbox.edit('post', blog('headline'));
    await sandbox.migrate('post', rename);
    await sandbox.query('SELECT post_schema.first()');
  });

  it('because its author says so', async () => {
    await write(tidy("RAISE NOTICE 'title'"));
    await sandbox.edit('post', blog('headline'));
    expect(await sandbox.migrate('post', { ...rename, keepFunctions: true })).toHaveLength(1);
  });
});
