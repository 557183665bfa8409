import { existsSync, readdirSync, statSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { commandOf } from '@bw/scripts/processes';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from './support/poll.js';
import { TestRepository } from './support/repository.js';

jest.setTimeout(60_000);

let repository: TestRepository;
beforeAll(async () => {
  repository = await TestRepository.create();
});
afterAll(() => repository.remove());

describe('a running environment', () => {
  it('is brought up from nothing, once, by two who start it at the same time', async () => {
    const both = await Promise.all([repository.run('dev.sh'), repository.run('dev.sh')]);
    const started = { code: 0, output: expect.stringContaining(repository.url) };
    expect(both).toEqual([started, started]);
    expect(both.filter(({ output }) => output.includes('Already running'))).toHaveLength(1);
    expect(await repository.greeting()).toContain('Hello');
    expect(await repository.query('SELECT * FROM greeting_schema.visits')).toEqual([]);
  });

  it('keeps its secrets from other users', () => {
    for (const name of ['greeting', 'admin']) {
      expect(statSync(repository.path('.data/env', `${name}.env`)).mode & 0o777).toBe(0o600);
    }
  });

  it('is left alone by a second start', async () => {
    const before = repository.pids();
    const second = await repository.run('dev.sh', [], { GREETING_HTTP_PORT: '1', POSTGRES_PORT: '2' });
    expect(second).toEqual({ code: 0, output: expect.stringContaining('Already running') });
    expect(second.output).toContain(repository.url);
    expect(repository.pids()).toEqual(before);
  });

  it('gets migrations that came since from a second start', async () => {
    const before = repository.pids();
    const folder = repository.path('greeting/prisma/migrations/20260102000000_guests');
    await mkdir(folder);
    await writeFile(`${folder}/migration.sql`, 'CREATE TABLE greeting_schema.guests (id int PRIMARY KEY);\n');
    const second = await repository.run('dev.sh');
    expect(second).toEqual({ code: 0, output: expect.stringContaining('Migrations applied: 1') });
    expect(await repository.query('SELECT * FROM greeting_schema.guests')).toEqual([]);
    expect(repository.pids()).toEqual(before);
  });

  it('is told by a second start why its history is refused, and runs on', async () => {
    const before = repository.pids();
    const file = repository.path('greeting/prisma/migrations/20260102000000_guests/migration.sql');
    const sound = await readFile(file, 'utf8');
    await writeFile(file, 'CREATE TABLE greeting_schema.visitors (id int PRIMARY KEY);\n');
    const refused = await repository.run('dev.sh');
    await writeFile(file, sound);
    expect(refused).toEqual({
      code: 1,
      output: expect.stringContaining('was migrated with another text than these files have now'),
    });
    expect(refused.output).not.toContain('Already running');
    expect(await repository.greeting()).toContain('Hello');
    expect(repository.pids()).toEqual(before);
    expect(await repository.run('dev.sh')).toMatchObject({
      output: expect.stringContaining('Already running'),
    });
  });

  it('gets settings that were changed from a second start', async () => {
    const before = repository.pids();
    await until(() => repository.waiting().length === 1);
    const waiting = repository.waiting();
    await writeFile(repository.path('greeting/.env'), 'LANGUAGE=en\n');
    expect(await repository.run('dev.sh')).toEqual({ code: 0, output: expect.stringContaining('Ready') });
    const after = repository.pids();
    expect(after).toEqual({ ...before, service: expect.any(Number) });
    expect(await repository.greeting()).toContain(` ${after.service}`);
    expect([before.service, ...waiting].filter((pid) => pid === after.service || commandOf(pid))).toEqual([]);
    expect(await repository.run('dev.sh')).toMatchObject({
      output: expect.stringContaining('Already running'),
    });
  });

  it('restarts a service when its sources change', async () => {
    await writeFile(repository.path('greeting/src/greeting.ts'), "export const greeting = 'Good day';\n");
    await until(async () => (await repository.greeting()).includes('Good day'));
  });

  it('restarts it by the process that waits, which runs the code as it is by then', async () => {
    await until(() => repository.waiting().length === 1);
    const [waiting] = repository.waiting();
    await writeFile(repository.path('greeting/src/greeting.ts'), "export const greeting = 'Good morning';\n");
    await until(async () => (await repository.greeting()) === `Good morning from ${waiting}`);
    await until(() => repository.waiting().length === 1);
  });

  it('keeps the service running while its sources do not compile', async () => {
    const { service } = repository.pids();
    await writeFile(repository.path('greeting/src/greeting.ts'), "export const greeting = 'Good");
    await until(async () =>
      (await readFile(repository.path('.data/logs/watch.log'), 'utf8')).includes('greeting.ts'),
    );
    expect(await repository.greeting()).toContain(`Good morning from ${service}`);
    await writeFile(repository.path('greeting/src/greeting.ts'), "export const greeting = 'Good evening';\n");
    await until(async () => (await repository.greeting()).includes('Good evening'));
  });

  it('generates the Prisma client anew when the schema changes', async () => {
    const model = '\nmodel Guest {\n  id Int @id\n\n  @@schema("greeting_schema")\n}\n';
    const { service } = repository.pids();
    await appendFile(repository.path('greeting/prisma/schema.prisma'), model);
    await until(async () => {
      const greeting = await repository.greeting();
      return greeting.startsWith('Good evening') && !greeting.endsWith(` ${service}`);
    });
    expect(existsSync(repository.path('greeting/dist/generated/prisma/models/Guest.js'))).toBe(true);
  });

  it.each(['service', 'watch', 'postgres'] as const)('is healed after kill -9 of %s', async (name) => {
    const before = repository.pids();
    process.kill(before[name], 'SIGKILL');
    await until(() => commandOf(before[name]) === undefined);
    expect(await repository.run('dev.sh')).toMatchObject({ code: 0 });
    expect(await repository.greeting()).toContain('Good evening');
    expect(await repository.query('SELECT * FROM greeting_schema.visits')).toEqual([]);
    const after = repository.pids();
    expect(after[name]).not.toBe(before[name]);
  });

  it('leaves nothing running after ./dev-stop.sh, even when parts of it were killed', async () => {
    await until(() => repository.waiting().length === 1);
    const { watch, ...others } = repository.pids();
    process.kill(watch, 'SIGKILL');
    await until(() => repository.waiting().length === 0);
    const stopped = await repository.run('dev-stop.sh');
    expect(stopped).toEqual({ code: 0, output: expect.stringMatching(/Stopped: .*greeting.*postgres/) });
    expect(Object.values(others).filter(commandOf)).toEqual([]);
    expect(await repository.run('dev-stop.sh')).toEqual({ code: 0, output: 'Nothing was running.\n' });
  });

  it('stops its services also while something compiles, waits for that and starts nothing after it', async () => {
    await repository.run('dev.sh');
    const { service } = repository.pids();
    const lock = repository.path('scripts/.build.lock');
    await mkdir(lock);
    await writeFile(repository.path('greeting/src/greeting.ts'), "export const greeting = 'Good evening';\n");
    await until(() => repository.compilers().length === 1);
    const stopped = repository.run('dev-stop.sh');
    await until(() => commandOf(service) === undefined);
    expect(repository.compilers()).toHaveLength(1);
    await rm(lock, { recursive: true });
    expect(await stopped).toMatchObject({ code: 0 });
    expect(repository.compilers()).toEqual([]);
    expect(await readFile(repository.path('.data/logs/watch.log'), 'utf8')).toMatch(/stopped\n$/);
  });

  it('keeps data and secrets over a stop, until -v throws them away', async () => {
    await repository.run('dev.sh');
    const { GREETING_SECRET: secret } = repository.environment('greeting');
    await repository.query('INSERT INTO greeting_schema.visits DEFAULT VALUES');
    await repository.run('dev-stop.sh');
    await repository.run('dev.sh');
    expect(await repository.query('SELECT id FROM greeting_schema.visits')).toEqual([{ id: 1 }]);
    expect(repository.environment('greeting').GREETING_SECRET).toBe(secret);

    const unanswered = await repository.run('dev-stop.sh', ['-v']);
    expect(unanswered).toEqual({ code: 2, output: expect.stringContaining('--yes') });
    expect(await repository.greeting()).toContain('Good evening');

    await mkdir(repository.path('.data/mail'));
    expect(await repository.run('dev-stop.sh', ['-v', '--yes'])).toMatchObject({ code: 0 });
    expect(readdirSync(repository.path('.data'))).toEqual([]);
    await repository.run('dev.sh');
    expect(await repository.query('SELECT * FROM greeting_schema.visits')).toEqual([]);
    expect(repository.environment('greeting').GREETING_SECRET).not.toBe(secret);
    await repository.run('dev-stop.sh');
  });
});

describe('a migration that waits for data', () => {
  const migrate = async (name: string, sql: string) => {
    const folder = repository.path(`greeting/prisma/migrations/${name}`);
    await mkdir(folder);
    await writeFile(`${folder}/migration.sql`, sql);
    return folder;
  };

  it('has its data migration run by the start, once that says what a row gets', async () => {
    const table = 'greeting_schema.notes';
    const folders = [
      await migrate(
        '20260103000000_notes',
        `CREATE TABLE ${table} (id int PRIMARY KEY, text text); INSERT INTO ${table} VALUES (1);`,
      ),
      await migrate(
        '20260104000000_notes_have_text',
        `-- requires data migration: fill_notes\nALTER TABLE ${table} ALTER COLUMN text SET NOT NULL;`,
      ),
      repository.path('migrations/data-migrations'),
    ];
    await mkdir(repository.path('migrations/data-migrations'), { recursive: true });
    const file = repository.path('migrations/data-migrations/20260103000000_fill_notes.ts');
    const write = (set: string) =>
      writeFile(file, `export default { service: 'greeting', table: 'notes', set: "${set}" };`);

    await write('');
    const empty = await repository.run('dev.sh');
    expect(empty).toMatchObject({ code: 1, output: expect.stringContaining('fill_notes.ts') });
    await write("text = 'nothing yet'");
    expect(await repository.run('dev.sh')).toMatchObject({ code: 0 });
    expect(await repository.query(`SELECT * FROM ${table}`)).toEqual([{ id: 1, text: 'nothing yet' }]);

    await repository.run('dev-stop.sh', ['-v', '--yes']);
    for (const folder of folders) await rm(folder, { recursive: true });
  });
});
