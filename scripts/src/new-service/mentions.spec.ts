import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRemovable } from './remove.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bw-mentions-'));
  write('package.json', '{ "workspaces": ["*"] }');
  for (const service of ['auth', 'comments']) write(`${service}/prisma/schema.prisma`, '');
  write(
    'comments/prisma/migrations/1_own/migration.sql',
    'GRANT USAGE ON SCHEMA comments_schema TO comments_app',
  );
  write(
    'auth/prisma/migrations/1_own/migration.sql',
    "COMMENT ON TABLE users IS 'comments_owner'; -- comments_app",
  );
  dataMigration('20260101000000_of_auth', 'auth');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const dataMigration = (name: string, service: string) =>
  write(
    `migrations/data-migrations/${name}.ts`,
    `export default { service: '${service}', table: 'a', set: 'n = 1' };`,
  );

describe('a service that other files need', () => {
  it.each([
    ['its owner', 'GRANT USAGE ON SCHEMA "auth_schema" TO "comments_owner";'],
    ['its runtime role', 'SELECT 1; GRANT SELECT ON auth_schema.users TO Comments_App'],
    ['its table', 'ALTER TABLE users ADD FOREIGN KEY (c) REFERENCES comments_schema.comments (id)'],
  ])('is not removed: a migration of another service names %s', async (_, sql) => {
    write('auth/prisma/migrations/2_let_comments_refer_to_auth/migration.sql', sql);
    await expect(findRemovable(root, 'comments', false)).rejects.toMatchObject({
      code: 'STILL_NEEDED',
      message:
        'Without comments these cannot run: auth/prisma/migrations/2_let_comments_refer_to_auth/migration.sql.',
      hint: expect.stringContaining(
        "DELETE FROM auth_schema._prisma_migrations WHERE migration_name = '2_let_comments_refer_to_auth';",
      ),
    });
  });

  it('is not removed: a data migration changes its rows', async () => {
    dataMigration('20260101000000_fill', 'comments');
    await expect(findRemovable(root, 'comments', true)).rejects.toMatchObject({
      code: 'STILL_NEEDED',
      message: 'Without comments these cannot run: migrations/data-migrations/20260101000000_fill.ts.',
    });
  });

  it('is removable once they are gone', async () => {
    expect(await findRemovable(root, 'comments', false)).toMatchObject({ name: 'comments' });
  });
});
