import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase } from '@bw/scripts/testing';
import { commandsOf, readBlocks } from '@bw/scripts/testing/documents';
import { beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';

const repository = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

beforeAll(
  () => run(process.execPath, [join(repository, 'scripts/build.mjs'), 'migrations', 'auth']),
  120_000,
);

/** The guide's script and the line that runs it. The column it fills is the guide's own; `avatar` is one there is. */
function scriptOfTheGuide(): string[] {
  const commands = readBlocks(join(repository, 'docs/MIGRATION_GUIDE.md')).flatMap(commandsOf);
  const write = commands.find((command) => command.includes("require('@bw/auth/client')")) ?? '';
  const [, start = ''] =
    commands.map((command) => /cd \/app && (node .*\.cjs)/.exec(command)).find((found) => found) ?? [];
  return [write.replaceAll('fullName', 'avatar'), start];
}

it('runs as the guide writes it, with the client that is ready-made', async () => {
  const database = await createTestDatabase();
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `INSERT INTO auth_schema.users (id, email, first_name, last_name, updated_at)
       VALUES (gen_random_uuid(), 'a@example.org', 'Ada', 'Lovelace', now())`,
  );
  const root = await mkdtemp(join(tmpdir(), 'bw-script-'));
  await mkdir(join(root, 'migrations/data-migrations'), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  const env = {
    PATH: process.env.PATH,
    AUTH_MIGRATION_DATABASE_URL: database.url('auth_owner', 'auth_schema'),
  };
  for (const command of scriptOfTheGuide()) {
    expect(command).not.toBe('');
    const { stderr } = await run('sh', ['-c', command], { cwd: root, env });
    expect(stderr.replace(/^.*ExperimentalWarning.*$|^\(Use .*$/gm, '').trim()).toBe('');
  }
  const { rows } = await admin.query('SELECT avatar FROM auth_schema.users');
  await admin.end();
  await database.drop();
  await rm(root, { recursive: true });
  expect(rows).toEqual([{ avatar: 'Ada Lovelace' }]);
}, 120_000);
