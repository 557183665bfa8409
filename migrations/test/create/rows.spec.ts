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
