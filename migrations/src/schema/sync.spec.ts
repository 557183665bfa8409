import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRoot } from '../services/index.js';
import { showDiff, syncSchemas } from './index.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sync-'));
  write('package.json', '{ "workspaces": ["*"] }');
  for (const name of ['auth', 'post']) write(`${name}/prisma/schema.prisma`, schema(name, `${name}s`));
  write('auth/prisma/migrations/20260101000000_make_auths/migration.sql', 'SELECT 1;\n');
  write('auth/prisma/migrations/20260103000000_more_auths/migration.sql', 'SELECT 3;\n');
  write('post/prisma/migrations/20260102000000_make_posts/migration.sql', 'SELECT 2;\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const schema = (service: string, table: string) => `generator client {
  provider = "prisma-client"
  output   = "../src/generated"
}

datasource db {
  provider = "postgresql"
  schemas  = ["${service}_schema"]
}

model ${service}_thing {
  id String @id

  @@map("${table}")
  @@schema("${service}_schema")
}
`;

describe('syncSchemas', () => {
  it('writes the schema and the histories, byte by byte, and then has nothing more to do', async () => {
    const changes = await syncSchemas({ root });
    expect(changes.map(({ path }) => path)).toEqual([
      'migrations/prisma/migrations/20260101000000_make_auths/migration.sql',
      'migrations/prisma/migrations/20260102000000_make_posts/migration.sql',
      'migrations/prisma/migrations/20260103000000_more_auths/migration.sql',
      'migrations/prisma/migrations/migration_lock.toml',
      'migrations/prisma/schema.prisma',
    ]);
    expect(read('migrations/prisma/migrations/20260102000000_make_posts/migration.sql')).toBe('SELECT 2;\n');
    expect(await syncSchemas({ root })).toEqual([]);
  });

  it('shows with check what is stale, and writes nothing', async () => {
    await syncSchemas({ root });
    const before = read('migrations/prisma/schema.prisma');
    write('auth/prisma/schema.prisma', schema('auth', 'users'));
    const changes = await syncSchemas({ root, check: true });
    expect(changes.map(showDiff).join('\n')).toMatchInlineSnapshot(`
"===================================================================
--- a/migrations/prisma/schema.prisma
+++ b/migrations/prisma/schema.prisma
@@ -13,7 +13,7 @@
 model auth_thing {
   id String @id
 
-  @@map("auths")
+  @@map("users")
   @@schema("auth_schema")
 }
 
"
`);
    expect(read('migrations/prisma/schema.prisma')).toBe(before);
  });

  it('removes what no service has any more', async () => {
    write('migrations/prisma/migrations/20250101000000_gone/migration.sql', 'SELECT 0;');
    await syncSchemas({ root });
    expect(() => read('migrations/prisma/migrations/20250101000000_gone/migration.sql')).toThrow('ENOENT');
  });

  it('puts migrations of one name into one folder, as the history view has one name for both', async () => {
    write('auth/prisma/migrations/0_init/migration.sql', 'SELECT 10;\n');
    write('post/prisma/migrations/0_init/migration.sql', 'SELECT 20;\n');
    await syncSchemas({ root });
    expect(read('migrations/prisma/migrations/0_init/migration.sql')).toBe('SELECT 10;\n\nSELECT 20;\n');
  });

  it.each([
    ['SELECT 10', 'SELECT 10\n;\nSELECT 20;\n'],
    ["SELECT ';' -- one;", "SELECT ';' -- one;\n;\nSELECT 20;\n"],
    ['SELECT 10; -- one', 'SELECT 10; -- one\nSELECT 20;\n'],
    ['-- nothing', '-- nothing\nSELECT 20;\n'],
  ])('ends the statement of the first of them: %j', async (first, both) => {
    write('auth/prisma/migrations/0_init/migration.sql', first);
    write('post/prisma/migrations/0_init/migration.sql', 'SELECT 20;\n');
    await syncSchemas({ root });
    expect(read('migrations/prisma/migrations/0_init/migration.sql')).toBe(both);
  });

  it('names a migration that is not UTF-8, and writes nothing', async () => {
    const file = join(root, 'auth/prisma/migrations/20260101000000_make_auths/migration.sql');
    writeFileSync(file, Buffer.from("SELECT 'stra\xdfe';\n", 'latin1'));
    await expect(syncSchemas({ root })).rejects.toMatchObject({
      code: 'NOT_UTF8',
      message: `${file} is not encoded in UTF-8.`,
    });
    expect(() => read('migrations/prisma/schema.prisma')).toThrow('ENOENT');
  });

  it('writes nothing when one schema is broken', async () => {
    write('post/prisma/schema.prisma', schema('post', 'posts').replace('id String', 'id Strin'));
    await expect(syncSchemas({ root })).rejects.toMatchObject({ code: 'INVALID_SCHEMA' });
    expect(() => read('migrations/prisma/schema.prisma')).toThrow('ENOENT');
  });
});

it('has been run after the last change of a service', async () => {
  expect((await syncSchemas({ root: findRoot(), check: true })).map(({ path }) => path)).toEqual([]);
});
