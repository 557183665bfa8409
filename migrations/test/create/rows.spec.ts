import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

const post = (fields: string) => `
model Post {
  id Int @id @default(autoincrement())
  ${fields}

  @@map("posts")
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

async function begin(models: string, insert: string): Promise<void> {
  await sandbox.edit('post', models);
  await sandbox.migrate('post', { name: 'create_posts' });
  await sandbox.query(`INSERT INTO post_schema.posts ${insert}`);
}

/** What is refused leaves the migrations as they are. */
async function refused(error: object, options = {}): Promise<void> {
  const before = await sandbox.migrations('post');
  await expect(sandbox.create('post', options)).rejects.toMatchObject(error);
  expect(await sandbox.migrations('post')).toEqual(before);
}

describe('a column that becomes required', () => {
  beforeEach(() => begin(post('title String?'), "(title) VALUES ('a'), (NULL), (NULL)"));

  it('needs a value for the rows that are empty', async () => {
    await sandbox.edit('post', post('title String'));
    const needed = {
      code: 'FILL_NEEDED',
      exitCode: 2,
      message: expect.stringContaining('posts.title becomes required and is empty in 2 rows.'),
      hint: expect.stringContaining('--fill "posts.title=SQL"'),
    };
    await refused(needed);
    await refused(needed, { fills: new Map([['posts.title', { sql: '' }]]) });
    await sandbox.migrate('post', { fills: new Map([['posts.title', { sql: "'none'" }]]) });
    const rows = await sandbox.query('SELECT title FROM post_schema.posts ORDER BY title');
    expect(rows).toEqual([{ title: 'a' }, { title: 'none' }, { title: 'none' }]);
  });

  it('is counted under the name that it still has', async () => {
    await sandbox.edit('post', post('headline String'));
    await refused({ code: 'FILL_NEEDED' }, { renames: ['posts.title=headline'] });
  });

  it('asks nothing where every row has a value', async () => {
    await sandbox.query("UPDATE post_schema.posts SET title = 'b'");
    await sandbox.edit('post', post('title String'));
    await sandbox.migrate('post');
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('a column of a narrower type', () => {
  const rewriteReason = 'it is small';

  it.each([
    ['a number', 'v Decimal @db.Decimal(10, 4)', 'v Decimal @db.Decimal(6, 2)', '(1.25), (1.2345), (2.5678)'],
    ['a time', 'v DateTime @db.Timestamp(6)', 'v DateTime @db.Date', "('2025-01-01'), (now()), (now())"],
    ['a fraction', 'v Float', 'v Int', '(1), (1.4), (2.6)'],
  ])('%s: is not cut off unless that is accepted', async (_name, from, to, values) => {
    await begin(post(from), `(v) VALUES ${values}`);
    await sandbox.edit('post', post(to));
    await refused(
      {
        code: 'DATA_LOSS',
        exitCode: 2,
        message: expect.stringContaining('part of the value of post_schema.posts.v in 2 rows'),
        hint: expect.stringContaining('--accept-data-loss'),
      },
      { rewriteReason },
    );
    await sandbox.migrate('post', { rewriteReason, acceptDataLoss: true });
    expect(await sandbox.create('post')).toEqual([]);
  });

  it('needs no leave to lose what no row has', async () => {
    await begin(post('v Decimal @db.Decimal(10, 4)'), '(v) VALUES (1.25)');
    await sandbox.edit('post', post('v Decimal @db.Decimal(6, 2)'));
    await sandbox.migrate('post', { rewriteReason });
  });

  it.each([
    ['a text', 'v String @db.VarChar(50)', 'v String @db.VarChar(4)', "('abcd  '), ('abcde')"],
    ['a number', 'v Decimal @db.Decimal(10, 4)', 'v Decimal @db.Decimal(6, 2)', '(9999.99), (9999.999)'],
    ['a whole number', 'v BigInt', 'v Int', '(2147483647), (2147483648)'],
  ])('%s: is refused while a row holds more', async (_name, from, to, values) => {
    await begin(post(from), `(v) VALUES ${values}`);
    await sandbox.edit('post', post(to));
    await refused(
      {
        code: 'VALUES_DO_NOT_FIT',
        message: expect.stringContaining('its value in 1 row does not fit'),
        hint: expect.stringContaining('SELECT * FROM "post_schema"."posts" WHERE'),
      },
      { rewriteReason, acceptDataLoss: true },
    );
  });
});

describe('a value removed from an enum', () => {
  const mood = (type: string, ...values: string[]) => `${post(`mood ${type}`)}
enum Mood {
  ${values.join('\n  ')}
}
`;

  it.each([
    ['a column', 'Mood', "('good'), ('bad'), ('bad')"],
    ['a list', 'Mood[]', "('{good}'), ('{good,bad}'), ('{bad}')"],
  ])('is refused while rows of %s hold it', async (_name, type, values) => {
    await begin(mood(type, 'good', 'bad', 'odd'), `(mood) VALUES ${values}`);
    await sandbox.edit('post', mood(type, 'good', 'odd'));
    await refused({
      code: 'VALUES_DO_NOT_FIT',
      message: expect.stringContaining('is to hold only good, odd, and its value in 2 rows does not fit'),
    });
    await sandbox.edit('post', mood(type, 'good', 'bad'));
    await sandbox.migrate('post', { rewriteReason: 'it is small' });
    expect(await sandbox.create('post')).toEqual([]);
  });
});

describe('a key', () => {
  it('is refused while values are there more than once, which are found under the names they have', async () => {
    await begin(
      post('a Int?\n  b Int?'),
      '(a, b) VALUES (1, 1), (1, 1), (1, 2), (2, 1), (2, NULL), (2, NULL)',
    );
    await sandbox.edit('post', post('one Int?\n  b Int?\n  @@unique([one, b])'));
    const renames = ['posts.a=one'];
    const find =
      'SELECT "a", "b", count(*) FROM "post_schema"."posts" WHERE "a" IS NOT NULL AND "b" IS NOT NULL GROUP BY "a", "b" HAVING count(*) > 1';
    await refused(
      {
        code: 'NOT_UNIQUE',
        message: expect.stringContaining(
          'post_schema.posts (a, b) is to be unique, and 1 value is there more than once',
        ),
        hint: expect.stringContaining(find),
      },
      { renames },
    );
    expect(await sandbox.query(find)).toEqual([{ a: 1, b: 1, count: '2' }]);
    await sandbox.query('DELETE FROM post_schema.posts WHERE id = 1');
    await sandbox.migrate('post', { renames });
    expect(await sandbox.create('post')).toEqual([]);
  });
});
