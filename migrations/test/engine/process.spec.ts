import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { migrationList, noFilter } from '../../src/engine/index.js';
import { bareEnvironment, createRepository, poll, type Repository } from './repository.js';

jest.setTimeout(60_000);

describe('the engine as a process', () => {
  let repository: Repository;
  let engine: ChildProcessWithoutNullStreams;
  const replies: Record<string, unknown>[] = [];

  beforeAll(async () => {
    repository = await createRepository();
  });
  afterAll(() => repository.remove());

  beforeEach(() => {
    const datasource = JSON.stringify({ url: repository.urlOf('auth') });
    engine = spawn(join(import.meta.dirname, '../../bin/schema-engine'), ['--datasource', datasource], {
      env: bareEnvironment,
    });
    replies.length = 0;
    createInterface({ input: engine.stdout }).on('line', (line) => replies.push(JSON.parse(line)));
  });
  afterEach(() => {
    engine.kill('SIGKILL');
  });

  const send = (message: object) => engine.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const reply = (id: number) =>
    poll(async () => {
      const found = replies.find((message) => message.id === id && message.method === undefined);
      if (!found) throw new Error('not yet');
      return found;
    });
  const list = (sql: string) => ({
    migrationsList: migrationList('/none', [{ name: '20260101000000_step', sql }]),
    filters: noFilter,
  });

  it('answers in order, prints what it applies, and ends with its input', async () => {
    send({ id: 1, method: 'applyMigrations', params: list('SELECT 1') });
    send({ id: 2, method: 'getDatabaseVersion', params: {} });
    expect(await reply(1)).toMatchObject({ result: { appliedMigrationNames: ['20260101000000_step'] } });
    expect(await reply(2)).toMatchObject({ result: expect.stringContaining('PostgreSQL 17') });
    expect(replies.map(({ method, id }) => method ?? id)).toEqual(['print', 1, 2]);
    engine.stdin.end();
    expect(await once(engine, 'exit')).toEqual([0, null]);
    await repository.query('DELETE FROM auth_schema._prisma_migrations');
  });

  it('answers a failure with what Prisma shows and what a program reads', async () => {
    send({ id: 1, method: 'applyMigrations', params: list('SELECT 1;\nSELECT nothing') });
    expect(await reply(1)).toMatchObject({
      error: {
        data: {
          is_panic: false,
          error_code: 'P3018',
          message: expect.stringContaining('A migration failed to apply.'),
          meta: {
            migration_name: '20260101000000_step',
            database_error_code: '42703',
            database_error: expect.stringContaining('Failing statement (line 2):\nSELECT nothing'),
          },
        },
      },
    });
    send({ id: 2, method: 'noSuchMethod' });
    expect(await reply(2)).toMatchObject({ error: { code: -32601 } });
    await repository.query('DELETE FROM auth_schema._prisma_migrations');
  });

  it('takes its shadow database along when it is interrupted', async () => {
    send({
      id: 1,
      method: 'devDiagnostic',
      params: list(`SELECT pg_sleep(3600) /* ${repository.database.name} */`),
    });
    const [database] = await poll(async () => {
      const rows = await repository.query<{ datname: string }>(
        `SELECT datname FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(3600) /* ${repository.database.name}%'`,
      );
      if (rows.length === 0) throw new Error('not yet');
      return rows;
    });
    expect(database?.datname).toMatch(/^prisma_migrate_shadow_db_/);
    engine.kill('SIGINT');
    expect(await once(engine, 'exit')).toEqual([0, null]);
    expect(
      await repository.query('SELECT 1 FROM pg_database WHERE datname = $1', [database?.datname]),
    ).toEqual([]);
  });
});
