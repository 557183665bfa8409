import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { deployService, parseSettings } from '../../src/deploy/index.js';
import { buildCli, runDb } from './cli.js';
import { writeMixedHistory } from './mixed-history.js';
import { createSandbox } from './sandbox.js';

beforeAll(() => buildCli(), 60_000);

describe('many deploys at once', () => {
  it('lets one of fifty processes work and the others find nothing left to do', async () => {
    const sandbox = await createSandbox();
    await writeMixedHistory(sandbox);
    await sandbox.write('11_slow', 'SELECT pg_sleep(2);');

    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => runDb(sandbox, ['deploy', '--json'])),
    );

    expect(outcomes.filter(({ code }) => code !== 0)).toEqual([]);
    const applied = outcomes.map(({ stdout }) => JSON.parse(stdout).services[0].applied.length);
    expect(applied.toSorted((a, b) => b - a).slice(0, 2)).toEqual([11, 0]);
    const waiting = outcomes.filter(({ stderr }) =>
      /another deploy is at work: pid \d+ \(user auth_owner, application "db deploy auth \(pid \d+\)"/.test(
        stderr,
      ),
    );
    expect(waiting.length).toBeGreaterThan(0);
    const once = await sandbox.query('SELECT name FROM auth_schema.log GROUP BY name HAVING count(*) = 1');
    expect(once).toHaveLength(10);
    await sandbox.close();
  }, 120_000);

  it('deploys services that refer to each other once, however many deploys take all of them', async () => {
    const sandbox = await createSandbox();
    const post = join(sandbox.service.folder, '../post/prisma');
    await mkdir(join(post, 'migrations/2_posts'), { recursive: true });
    await writeFile(join(post, 'schema.prisma'), '');
    await writeFile(
      join(post, 'migrations/2_posts/migration.sql'),
      'CREATE TABLE posts (author text REFERENCES auth_schema.users); SELECT pg_sleep(0.5);',
    );
    await sandbox.write(
      '1_users',
      'CREATE TABLE users (id text PRIMARY KEY); GRANT USAGE ON SCHEMA auth_schema TO post_owner; GRANT REFERENCES ON users TO post_owner;',
    );
    await sandbox.write('3_later', 'SELECT pg_sleep(0.5);');

    const env = { POST_MIGRATION_DATABASE_URL: sandbox.database.url('post_owner', 'post_schema') };
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => runDb(sandbox, ['deploy', '--json'], env)),
    );

    expect(outcomes.filter(({ code }) => code !== 0)).toEqual([]);
    const applied = outcomes.flatMap(({ stdout }) =>
      (JSON.parse(stdout).services as { applied: string[] }[]).flatMap((service) => service.applied),
    );
    expect(applied.sort()).toEqual(['1_users', '2_posts', '3_later']);
    await sandbox.close();
  }, 120_000);

  it('does not keep one service waiting for another', async () => {
    const sandbox = await createSandbox();
    await sandbox.write('1_slow', 'SELECT pg_sleep(1);');
    const other = await createSandbox(sandbox.database);
    await other.write('1_quick', 'CREATE TABLE post_schema.a (n int);');
    const service = { ...other.service, name: 'post', schema: 'post_schema' };
    const url = sandbox.database.url('post_owner', 'post_schema');

    const order: string[] = [];
    const slow = sandbox.deploy().then(() => order.push('slow'));
    const quick = deployService({ service, url, settings: parseSettings({}, {}) });
    expect((await quick).applied).toEqual(['1_quick']);
    order.push('quick');
    await slow;
    expect(order).toEqual(['quick', 'slow']);
    await sandbox.close();
  });
});
