import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildCli } from '../deploy/cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

const db = join(resolve(import.meta.dirname, '../../..'), 'migrations/bin/db');

const post = (title: string) => `
model Post {
  id    Int     @id @default(autoincrement())
  ${title}

  @@map("posts")
}
`;

let sandbox: Sandbox;

beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('post', post('title String?'));
  await sandbox.migrate('post', { name: 'create_posts' });
});
afterEach(() => sandbox.remove());

const create = (...flags: string[]) =>
  promisify(execFile)(
    process.execPath,
    [db, 'create', '--service', 'post', '--name', 'change_posts_title', '--no-generate', ...flags],
    { cwd: sandbox.root, env: process.env },
  );

describe('what the linter says of new migrations', () => {
  const rename = ['--rename', 'posts.title=headline'];
  beforeEach(() => sandbox.edit('post', post('headline String?')));

  it('is told when they are written, with the way to an exception', async () => {
    const { stdout, stderr } = await create(...rename);
    const [file = ''] = stdout.trim().split('\n');
    expect(file).toMatch(/^post\/prisma\/migrations\/\d+_change_posts_title\/migration\.sql$/);
    expect(stderr).toContain(`${file}:1:1\n  advice: rename-column\n`);
    expect(stderr).toContain('also in a file that is applied: -- lint: allow RULE because REASON\n');
    expect(stderr).not.toContain('create_posts');
  });

  it('is left out where the answer is for a program', async () => {
    const { stdout, stderr } = await create(...rename, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ applied: true });
    expect(stderr).not.toContain('rename-column');
  });

  it('is nothing where it finds nothing', async () => {
    await sandbox.edit('post', post('title String?\n  slug String?'));
    const { stderr } = await create('--create-only');
    expect(stderr).not.toContain('lint');
  });
});
