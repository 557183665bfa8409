import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from './support/poll.js';
import { TestRepository } from './support/repository.js';

jest.setTimeout(60_000);

let repository: TestRepository;
beforeAll(async () => {
  repository = await TestRepository.create();
});
afterAll(() => repository.remove());

describe('a start that cannot succeed', () => {
  it('names the port in use and how to choose another', async () => {
    const blocker = createServer().listen(repository.ports.http, '127.0.0.1');
    const { code, output } = await repository.run('dev.sh');
    blocker.close();
    expect(code).toBe(1);
    expect(output).toContain(`Port ${repository.ports.http} (GREETING_HTTP_PORT) is in use`);
    expect(output).toMatch(/GREETING_HTTP_PORT=\d+ \.\/dev\.sh/);
    await expectNothingRuns();
  });

  it('tells which migration fails and leaves nothing running', async () => {
    const folder = repository.path('greeting/prisma/migrations/20260102000000_broken');
    await mkdir(folder);
    await writeFile(`${folder}/migration.sql`, 'ALTER TABLE greeting_schema.missing ADD COLUMN id int;\n');
    const { code, output } = await repository.run('dev.sh');
    await rm(folder, { recursive: true });
    expect(code).toBe(1);
    expect(output).toContain('20260102000000_broken');
    expect(output).toContain('"greeting_schema.missing" does not exist');
    await expectNothingRuns();
    await repository.run('dev-stop.sh', ['-v', '--yes']);
  });

  it('shows the log of a service that ends while starting', async () => {
    const file = repository.path('greeting/src/greeting.ts');
    const sound = await readFile(file, 'utf8');
    await writeFile(file, "throw new Error('no greeting today');\nexport const greeting = '';\n");
    const { code, output } = await repository.run('dev.sh');
    await writeFile(file, sound);
    expect(code).toBe(1);
    expect(output).toContain('greeting ended while starting');
    expect(output).toContain('no greeting today');
    await expectNothingRuns();
  });

  it('is undone by Ctrl-C', async () => {
    const starting = repository.run('dev.sh');
    await until(() => existsSync(repository.path('.data/run/command.pid')));
    process.kill(Number(readFileSync(repository.path('.data/run/command.pid'), 'utf8')), 'SIGINT');
    expect(await starting).toMatchObject({ code: 130 });
    await expectNothingRuns();
  });

  it('is not confused by pid files that name somebody else', async () => {
    await writeFile(repository.path('.data/run/watch.pid'), String(process.pid));
    await writeFile(repository.path('.data/run/greeting.pid'), String(process.pid));
    await writeFile(repository.path('.data/run/command.pid'), '999999999');
    expect(await repository.run('dev.sh')).toMatchObject({ code: 0 });
    expect(await repository.greeting()).toContain('Hello');
  });

  it.each([
    [{ GREETING_HTTP_PORT: 'http' }, 'GREETING_HTTP_PORT is "http", which is not a port'],
    [{ POSTGRES_PORT: '70000' }, 'POSTGRES_PORT is "70000", which is not a port'],
  ])('refuses %j', async (env, message) => {
    await repository.run('dev-stop.sh');
    expect(await repository.run('dev.sh', [], env)).toEqual({
      code: 1,
      output: expect.stringContaining(message),
    });
  });

  it('names the Node that is needed when this one is too old', async () => {
    const tools = repository.path('old-node');
    await mkdir(tools);
    await writeFile(join(tools, 'node'), '#!/bin/sh\n[ "$1" = --version ] && echo v18.20.0\nexit 1\n', {
      mode: 0o755,
    });
    const outcome = await repository.run('dev.sh', [], { PATH: `${tools}:${process.env.PATH}` });
    expect(outcome).toEqual({
      code: 1,
      output: expect.stringContaining('Node 20.19 or newer is needed; this is v18'),
    });
  });

  it('answers --help and refuses flags it does not know', async () => {
    for (const command of ['dev.sh', 'dev-stop.sh']) {
      const help = await repository.run(command, ['--help']);
      expect(help).toEqual({ code: 0, output: expect.stringContaining(`Usage: ./${command}`) });
      expect(await repository.run(command, ['--nonsense'])).toEqual({
        code: 1,
        output: expect.stringContaining(`See ./${command} --help`),
      });
    }
  });

  async function expectNothingRuns() {
    expect(await repository.run('dev-stop.sh')).toEqual({ code: 0, output: 'Nothing was running.\n' });
    await expect(fetch(repository.url)).rejects.toThrow();
  }
});
