import { execFile } from 'node:child_process';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runDataMigration } from '../../src/data/index.js';
import { buildCli } from './cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

const root = resolve(import.meta.dirname, '../../..');

let sandbox: Sandbox;
beforeAll(() => buildCli(), 60_000);
beforeEach(async () => {
  sandbox = await createSandbox();
  await symlink(join(root, 'node_modules'), join(sandbox.service.folder, 'node_modules'));
  await writeFile(join(sandbox.service.folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(sandbox.service.folder, 'prisma.config.ts'),
    "import { servicePrismaConfig } from '@bw/migrations/prisma-config';\nexport default servicePrismaConfig(import.meta.dirname);\n",
  );
  await sandbox.write('1_table', 'CREATE TABLE "auth_schema"."a" (n int);');
});
afterEach(async () => {
  await rm(join(sandbox.service.folder, 'node_modules'));
  await sandbox.close();
});

/** `prisma migrate …` as somebody without this project's own command would type it. */
async function prisma(...args: string[]): Promise<{ code: number; output: string }> {
  const cli = join(root, 'node_modules/prisma/build/index.js');
  const env = { PATH: process.env.PATH, MIGRATION_DATABASE_URL: sandbox.url, CHECKPOINT_DISABLE: '1' };
  const done = promisify(execFile)(process.execPath, [cli, 'migrate', ...args], {
    cwd: sandbox.service.folder,
    env,
  });
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

describe('the history', () => {
  it('is read and continued by prisma migrate', async () => {
    await sandbox.deploy();
    expect(await prisma('status')).toMatchObject({ code: 0, output: expect.stringContaining('up to date') });

    await sandbox.write('2_more', 'CREATE TABLE "auth_schema"."b" (n int);');
    expect((await prisma('deploy')).code).toBe(0);
    await sandbox.write('3_ours', 'CREATE TABLE c (n int);');
    expect((await sandbox.deploy()).applied).toEqual(['3_ours']);
    expect((await prisma('status')).output).toContain('up to date');
  }, 180_000);

  it('shows a failed migration, which the guide has marked as rolled back and run again', async () => {
    await sandbox.query('CREATE TABLE auth_schema._stray (n int)');
    await sandbox.write('1_table', 'CREATE TABLE a (n int); SELECT n / 0 FROM (SELECT 1 AS n) one;');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    const status = await prisma('status');
    expect(status).toMatchObject({ code: 1, output: expect.stringContaining('1_table') });
    expect((await prisma('deploy')).output).toContain('P3009');

    expect((await prisma('resolve', '--rolled-back', '1_table')).code).toBe(0);
    await sandbox.write('1_table', 'CREATE TABLE a (n int);');
    expect((await sandbox.deploy()).applied).toEqual(['1_table']);
  }, 180_000);

  it('takes "resolve --applied" for a table that exists already', async () => {
    await sandbox.deploy();
    await sandbox.query('CREATE TABLE auth_schema.b (n int)');
    await sandbox.write('2_exists', 'CREATE TABLE b (n int);');
    await expect(sandbox.deploy()).rejects.toMatchObject({
      failure: { sqlState: '42P07' },
      hint: expect.stringContaining('resolve --applied 2_exists'),
    });
    expect((await prisma('resolve', '--applied', '2_exists')).code).toBe(0);
    expect((await sandbox.deploy()).applied).toEqual([]);
    expect((await prisma('status')).code).toBe(0);
  }, 180_000);

  it('is not disturbed by what data migrations remember', async () => {
    await sandbox.model('model A {\n id Int @id\n @@map("a")\n @@schema("auth_schema")\n}');
    await sandbox.write(
      '1_table',
      'CREATE SCHEMA IF NOT EXISTS "auth_schema"; CREATE TABLE "auth_schema"."a" (id int NOT NULL, CONSTRAINT a_pkey PRIMARY KEY (id));',
    );
    await sandbox.deploy();
    const definition = { service: 'auth', table: 'a', set: 'id = id' };
    const migration = { name: '1_same', file: '', checksum: '', definition };
    await runDataMigration({ migration, service: sandbox.service, url: sandbox.url });

    const { code, output } = await prisma('dev', '--name', 'nothing');
    expect(output).toContain('Already in sync');
    expect(code).toBe(0);
  }, 180_000);
});
