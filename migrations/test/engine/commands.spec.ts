import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@bw/scripts/processes';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  addField,
  bareEnvironment,
  createRepository,
  poll,
  prismaCli,
  type Repository,
  run,
} from './repository.js';

// Every step starts the Prisma CLI and the engine, each a process of its own.
jest.setTimeout(180_000);

describe('a prisma command, with nothing to download from', () => {
  let repository: Repository;

  beforeAll(async () => {
    repository = await createRepository();
  });
  afterAll(() => repository.remove());

  it.each(['auth', 'migrations'])('generates the client of %s without any URL', async (folder) => {
    const generated = await repository.prisma(folder, ['generate']);
    expect(generated).toMatchObject({
      code: 0,
      output: expect.stringContaining('Generated Prisma Client'),
    });
    expect(await repository.read(`${folder}/generated/client.ts`)).toContain('PrismaClient');
  });

  it('validates and formats without any URL', async () => {
    expect(await repository.prisma('auth', ['validate'])).toMatchObject({ code: 0 });
    expect(await repository.prisma('auth', ['format', '--check'])).toMatchObject({ code: 0 });
  });

  it('says which database it misses, and how to get one', async () => {
    const { code, output } = await repository.prisma('auth', ['migrate', 'status']);
    expect(code).toBe(1);
    expect(output).toContain('Start the development environment with ./dev.sh');
  });

  it('runs the engine of this project', async () => {
    const { stdout } = await repository.prisma('auth', ['version']);
    expect(stdout).toMatch(
      /Schema Engine +: schema-engine-cli [0-9a-f]{40} \(at .*migrations\/bin\/schema-engine/,
    );
  });

  it('runs the engine that the user names', async () => {
    const engine = join(repository.folder, 'my-engine');
    await repository.write('my-engine', '#!/bin/sh\necho schema-engine-cli mine\n');
    await chmod(engine, 0o755);
    const { stdout } = await repository.prisma('auth', ['version'], { PRISMA_SCHEMA_ENGINE_BINARY: engine });
    expect(stdout).toContain('schema-engine-cli mine');
  });

  it('compares schemas without a database', async () => {
    await repository.write(
      'next.prisma',
      addField('User', 'name String?')(await repository.read('auth/prisma/schema.prisma')),
    );
    const sides = ['--from-schema', 'prisma/schema.prisma', '--to-schema', '../next.prisma'];
    expect(await repository.prisma('auth', ['migrate', 'diff', ...sides, '--script'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ALTER TABLE "auth_schema"."users" ADD COLUMN     "name" TEXT;'),
    });
    expect(await repository.prisma('auth', ['migrate', 'diff', ...sides, '--exit-code'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('[+] Added column `name`'),
    });
    const same = ['--from-schema', 'prisma/schema.prisma', '--to-schema', 'prisma/schema.prisma'];
    expect(await repository.prisma('auth', ['migrate', 'diff', ...same, '--exit-code'])).toMatchObject({
      code: 0,
    });
  });

  it('compares migrations and the database', async () => {
    await repository.addMigration(
      'post',
      '20260101000000_create_posts',
      'CREATE TABLE post_schema.posts (id text);',
    );
    await repository.query('CREATE TABLE post_schema.stray (id int PRIMARY KEY)');
    const from = ['--from-migrations', 'prisma/migrations'];
    const failed = await repository.migrate(
      'post',
      'migrate',
      'diff',
      ...from,
      '--to-config-datasource',
      '--script',
    );
    expect(failed).toMatchObject({
      code: 1,
      output: expect.stringContaining('schema "post_schema" does not exist'),
    });
    await repository.addMigration(
      'post',
      '20260101000000_create_posts',
      'CREATE SCHEMA IF NOT EXISTS post_schema; CREATE TABLE post_schema.posts (id text);',
    );
    const { stdout } = await repository.migrate(
      'post',
      'migrate',
      'diff',
      ...from,
      '--to-config-datasource',
      '--script',
    );
    expect(stdout).toContain('DROP TABLE "post_schema"."posts"');
    expect(stdout).toContain('CREATE TABLE "post_schema"."stray"');
    const all = await repository.migrate('post', 'migrate', 'diff', ...from, '--to-empty', '--script');
    expect(all.stdout).toContain('DROP TABLE "post_schema"."posts"');
    await repository.query('DROP TABLE post_schema.stray');
  });

  it('executes a script as one transaction', async () => {
    await repository.write('auth/script.sql', 'CREATE TABLE auth_schema.a (n int); SELECT 1/0;');
    const failed = await repository.migrate('auth', 'db', 'execute', '--file', 'script.sql');
    expect(failed).toMatchObject({
      code: 1,
      output: expect.stringContaining('Failing statement (line 1):\nSELECT 1/0'),
    });
    expect(await repository.query("SELECT to_regclass('auth_schema.a') AS a")).toEqual([{ a: null }]);
    await repository.write(
      'auth/script.sql',
      'CREATE TABLE unqualified (n int); INSERT INTO unqualified VALUES (1);',
    );
    expect(await repository.migrate('auth', 'db', 'execute', '--file', 'script.sql')).toMatchObject({
      code: 0,
    });
    expect(await repository.query('SELECT n FROM auth_schema.unqualified')).toEqual([{ n: 1 }]);
    await repository.query('DROP TABLE auth_schema.unqualified');
  });

  it('opens the studio', async () => {
    const port = await freePort();
    const studio = spawn(
      process.execPath,
      [prismaCli, 'studio', '--browser', 'none', '--port', String(port)],
      {
        cwd: join(repository.folder, 'auth'),
        env: { ...bareEnvironment, DATABASE_URL: repository.urlOf('auth') },
        stdio: 'ignore',
      },
    );
    try {
      const page = await poll(() => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text()));
      expect(page).toContain('<html');
    } finally {
      studio.kill();
      await once(studio, 'close');
    }
  });

  it.each([
    [
      'P1000',
      (url: URL) => Object.assign(url, { password: 'wrong' }),
      'credentials for `auth_owner` are not valid',
    ],
    [
      'P1001',
      (url: URL) => Object.assign(url, { port: '9' }),
      "Can't reach database server at `127.0.0.1:9`",
    ],
    // The other codes are asked of the engine itself in in-process.spec.ts.
  ])('reports %s', async (code, spoil, message) => {
    const url = String(spoil(new URL(repository.urlOf('auth'))));
    const { output, code: exit } = await repository.prisma('auth', ['migrate', 'status'], {
      DATABASE_URL: url,
    });
    expect(exit).toBe(1);
    expect(output).toContain(code);
    expect(output).toContain(message);
    expect(output).not.toContain('wrong');
  });

  it('makes and drops the database itself when told to', async () => {
    const url = new URL(repository.database.adminUrl);
    url.pathname = `/made_${repository.database.name}`;
    const engine = join(import.meta.dirname, '../../bin/schema-engine');
    const cli = (command: string) =>
      run(engine, ['--datasource', JSON.stringify({ url: url.href }), 'cli', command], {
        cwd: repository.folder,
        env: bareEnvironment,
      });
    const missing = await cli('can-connect-to-database');
    expect(missing.code).toBe(1);
    expect(
      missing.output
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row))
        .at(-1),
    ).toMatchObject({
      level: 'ERROR',
      target: 'schema_engine::logger',
      fields: { error_code: 'P1003' },
    });
    expect(await cli('create-database')).toMatchObject({ code: 0 });
    expect(await cli('create-database')).toMatchObject({ code: 1, output: expect.stringContaining('P1009') });
    expect(await cli('can-connect-to-database')).toMatchObject({ code: 0 });
    expect(await cli('drop-database')).toMatchObject({ code: 0 });
    expect(await cli('can-connect-to-database')).toMatchObject({ code: 1 });
  });
});
