import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
let reader: pg.Client;
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.write(
    '1_table',
    `CREATE TABLE a (n int) PARTITION BY RANGE (n);
     CREATE TABLE a_old PARTITION OF a FOR VALUES FROM (0) TO (10);`,
  );
  await sandbox.deploy();
  await sandbox.write('2_detach', 'ALTER TABLE a DETACH PARTITION a_old CONCURRENTLY;');
  reader = await sandbox.connect();
  await reader.query('BEGIN; SELECT * FROM auth_schema.a');
});
afterEach(() => sandbox.close());

const partitions = () => sandbox.query("SELECT FROM pg_inherits WHERE inhparent = 'auth_schema.a'::regclass");
const impatient = { lockWaitMs: 700 };

describe('a partition that is detached concurrently', () => {
  it('waits for a slow reader', async () => {
    const { applied, events } = await sandbox.deploy({}, ({ type }) => {
      if (type === 'blocked') void reader.query('COMMIT');
    });
    expect(applied).toEqual(['2_detach']);
    expect(events.map(({ type }) => type)).not.toContain('retry');
    expect(await partitions()).toEqual([]);
  });

  it('is finished by the next deploy after one that was killed while it waited', async () => {
    const killed = sandbox.deploy({}, ({ type }) => {
      if (type !== 'blocked') return;
      void sandbox.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'db deploy auth%' AND datname = current_database()",
      );
    });
    await expect(killed).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await reader.query('COMMIT');
    expect((await sandbox.deploy()).applied).toEqual(['2_detach']);
    expect(await partitions()).toEqual([]);
  });

  it('is finished by the next deploy after one that gave up, which says that half of it remains', async () => {
    for (const _ of ['its first half', 'the rest'])
      await expect(sandbox.deploy(impatient)).rejects.toMatchObject({
        code: 'LOCK_NOT_AVAILABLE',
        message: expect.stringContaining('The partition is half detached; the next deploy finishes that.'),
      });
    await reader.query('COMMIT');
    expect((await sandbox.deploy()).applied).toEqual(['2_detach']);
    expect(await partitions()).toEqual([]);
  });

  it('may have been finished by hand meanwhile', async () => {
    await expect(sandbox.deploy(impatient)).rejects.toMatchObject({ code: 'LOCK_NOT_AVAILABLE' });
    await reader.query('COMMIT');
    await sandbox.query('ALTER TABLE auth_schema.a DETACH PARTITION auth_schema.a_old FINALIZE');
    const { applied, events } = await sandbox.deploy();
    expect(applied).toEqual(['2_detach']);
    expect(events).toContainEqual(expect.objectContaining({ type: 'already-done' }));
  });

  it('is not taken for detached where there never was one', async () => {
    await sandbox.write('2_detach', 'ALTER TABLE a DETACH PARTITION a_odl CONCURRENTLY;');
    for (const _ of ['first', 'again'])
      await expect(sandbox.deploy()).rejects.toMatchObject({ failure: { sqlState: '42P01' } });
  });
});
