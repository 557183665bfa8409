import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { commandsOf, readBlocks } from '@bw/scripts/testing/documents';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itWithTools } from '../backup/it-with-tools.js';
import { buildCli } from './cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

const repository = resolve(import.meta.dirname, '../../..');
const file = join(repository, 'docs/MIGRATION_GUIDE.md');
const chapters = ['Running migrations', 'Migration best practices', 'Troubleshooting'];
const blocks = readBlocks(file).filter(({ headings }) => chapters.includes(headings[1] ?? ''));
const blockOf = (language: string, part: string): string =>
  blocks.find((block) => block.language === language && block.text.includes(part))?.text ?? '';
const commands = blocks
  .filter(({ language }) => language === 'bash')
  .flatMap(commandsOf)
  .map((command) => command.replace(/\s+#[^\n]*$/, ''))
  .filter((command) => command.startsWith('yarn db'));
const typed = new Set<string>();

let sandbox: Sandbox;
let root: string;
beforeAll(async () => {
  await buildCli();
  sandbox = await createSandbox();
  root = join(sandbox.service.folder, '..');
  await sandbox.model(users);
  await sandbox.write('20250101000000_users', usersTable);
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  await mkdir(join(root, 'migrations/data-migrations'), { recursive: true });
  await writeFile(
    join(root, 'yarn'),
    `#!/bin/sh\nshift\nexec node '${repository}/migrations/bin/db' "$@"\n`,
    {
      mode: 0o755,
    },
  );
}, 180_000);
afterAll(() => sandbox.close());

const users = `model User {
  id        String  @id
  email     String
  firstName String? @map("first_name")
  lastName  String? @map("last_name")
  fullName  String? @map("full_name")
  @@map("users")
  @@schema("auth_schema")
}`;
const usersTable = `CREATE TABLE auth_schema.users (
  id text NOT NULL, email text NOT NULL, first_name text, last_name text, full_name text,
  CONSTRAINT users_pkey PRIMARY KEY (id));`;

/** A line of the guide as its reader types it; `yarn` is the sandbox's own, for which there is nothing to install. */
async function type(command: string, backup = '') {
  expect(readFileSync(file, 'utf8')).toContain(command);
  typed.add(command);
  const env = {
    PATH: `${root}:${process.env.PATH}`,
    AUTH_MIGRATION_DATABASE_URL: sandbox.url,
    ADMIN_DATABASE_URL: sandbox.database.adminUrl,
  };
  return promisify(execFile)('sh', ['-c', command.replace('FILE.dump', backup)], { cwd: root, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, output: stdout + stderr }),
  );
}

describe("the guide's chapters about deploying", () => {
  it('let one read the SQL and the plan, and refuse to adopt what is not there', async () => {
    expect(await type('yarn db lint')).toMatchObject({ code: 0, output: 'Nothing found.\n' });
    const plan = await type('yarn db plan');
    expect(plan).toMatchObject({ code: 0, output: expect.stringContaining('20250101000000_users') });
    expect((await type('yarn db status')).output).toMatch(/auth +0 +1 /);
    expect((await type('yarn db baseline --service auth')).code).toBe(1);
    expect(await type('yarn db deploy')).toMatchObject({ code: 0 });
    expect(await type('yarn db plan')).toMatchObject({ output: 'Nothing is pending.\n' });
  }, 180_000);

  it('change rows apart from the schema, as a data migration', async () => {
    await sandbox.query(
      "INSERT INTO auth_schema.users VALUES ('1', 'a', 'Ada', 'Lovelace'), ('2', 'b', NULL, 'Bach')",
    );
    expect(await type('yarn db data new populate_full_name --service auth')).toMatchObject({ code: 0 });
    const [written = ''] = await readdir(join(root, 'migrations/data-migrations'));
    await writeFile(
      join(root, 'migrations/data-migrations', written),
      blockOf('ts', 'satisfies DataMigration'),
    );
    expect((await type('yarn db data run populate_full_name --dry-run')).output).toContain(
      'would change 2 rows',
    );
    await sandbox.write('20250102000000_required', blockOf('sql', 'requires data migration'));
    expect((await type('yarn db deploy')).output).toContain('yarn db data run populate_full_name');
    expect((await type('yarn db data run populate_full_name')).output).toContain('2 rows changed');
    expect(await type('yarn db deploy')).toMatchObject({ code: 0 });
    expect((await type('yarn db data status')).output).toMatch(/populate_full_name +auth +complete +2/);
  }, 180_000);

  it('find drift and the SQL that mends it', async () => {
    await sandbox.model(users.replace('String? @map("full_name")', 'String @map("full_name")'));
    expect(await type('yarn db verify')).toMatchObject({ code: 0 });
    await sandbox.query('ALTER TABLE auth_schema.users ADD COLUMN stray int');
    expect((await type('yarn db verify')).code).toBe(2);
    const fix = await type('yarn db verify --fix-sql');
    expect(fix.stdout).toContain('DROP COLUMN "stray"');
    await sandbox.query(fix.stdout);
    expect((await type('yarn db verify')).code).toBe(0);
  }, 180_000);

  itWithTools(
    'take a backup and bring it back',
    async () => {
      expect((await type('yarn db backup --verify')).output).toContain('restored on trial: equal');
      const [backup = ''] = await readdir(join(root, 'backups'));
      expect((await type('yarn db restore backups/FILE.dump', backup)).output).toContain('was not touched');
      const swapped = await type('yarn db restore backups/FILE.dump --swap', backup);
      const [, kept = ''] = /kept as (\S+)\.\n/.exec(swapped.output) ?? [];
      await sandbox.query(`DROP DATABASE "${kept}" WITH (FORCE)`);
      expect(commands.filter((command) => !typed.has(command))).toEqual([]);
    },
    180_000,
  );
});
