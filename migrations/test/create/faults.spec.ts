import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from './sandbox.js';

const post = (more = '') => `
model Post {
  id Int @id
  ${more}
}
`;

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.edit('post', post());
});
afterEach(() => sandbox.remove());

describe('a fault is told with its place:', () => {
  it.each([
    ['a line with a name alone', post('b')],
    ['a text without its end', post('mood String? @map("mood)')],
    ['a model without its brace', post().replace('model Post {', 'model Post')],
  ])('a schema with %s', async (_name, models) => {
    await sandbox.edit('post', models);
    await expect(sandbox.create('post')).rejects.toMatchObject({
      code: 'INVALID_SCHEMA',
      message: expect.stringMatching(/schema\.prisma:\d+:\d+: /),
      exitCode: 1,
    });
    expect(await sandbox.migrations('post')).toEqual([]);
  });

  it('a folder without a migration in it', async () => {
    await mkdir(join(sandbox.root, 'post/prisma/migrations/20250101000000_empty'), { recursive: true });
    await expect(sandbox.create('post')).rejects.toMatchObject({
      code: 'MIGRATION_FILE_MISSING',
      message: expect.stringContaining('20250101000000_empty'),
    });
  });
});
