import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeEvent } from '../../src/deploy/report.js';
import { createSandbox, type Sandbox } from './sandbox.js';

const holdForMs = Number(process.env.HOLD_LOCK_MS ?? 60_000);
const lockTimeoutMaxMs = 400;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.write('1_table', 'CREATE TABLE a (n int); INSERT INTO a VALUES (1);');
  await sandbox.deploy();
});
afterEach(() => sandbox.close());

/** Repeats a statement until told to stop; answers the longest time one took. */
function keepDoing(client: { query(sql: string): Promise<unknown> }, sql: string): () => Promise<number> {
  let stopped = false;
  let longest = 0;
  const loop = (async () => {
    while (!stopped) {
      const began = performance.now();
      await client.query(sql);
      longest = Math.max(longest, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return async () => {
    stopped = true;
    await loop;
    return longest;
  };
}

describe('a deploy in traffic', () => {
  it('lets readers and writers through while an idle transaction keeps it waiting, and names that session', async () => {
    const idle = await sandbox.connect();
    await idle.query('BEGIN; LOCK TABLE auth_schema.a IN ROW SHARE MODE; SELECT 1 AS what_it_did_last');
    const { pid } = (await idle.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0] ?? {
      pid: 0,
    };
    const reading = keepDoing(await sandbox.connect('auth_app'), 'SELECT * FROM auth_schema.a');
    const writing = keepDoing(await sandbox.connect('auth_app'), 'UPDATE auth_schema.a SET n = n + 1');
    const release = setTimeout(() => void idle.query('COMMIT'), holdForMs);

    await sandbox.write('2_column', 'ALTER TABLE a ADD COLUMN m int;');
    const { applied, events } = await sandbox.deploy({ lockTimeoutMs: 100, lockTimeoutMaxMs });
    clearTimeout(release);

    expect(applied).toEqual(['2_column']);
    const longest = { read: await reading(), write: await writing() };
    // One lock timeout, and what a busy machine takes to hand the lock on; far from what the idle one holds it for.
    expect(Math.max(longest.read, longest.write)).toBeLessThan(lockTimeoutMaxMs + 2_000);
    const retries = events.flatMap((event) => (event.type === 'retry' ? [event] : []));
    expect(retries.map((retry) => retry.lockTimeoutMs).slice(0, 4)).toEqual([100, 200, 400, 400]);
    const blocked = events.find((event) => event.type === 'blocked');
    expect(blocked && describeEvent(blocked)).toMatch(
      new RegExp(
        `^line 1 waits for pid ${pid} \\(user admin.* idle in transaction for .*pg_backend_pid.*ALTER TABLE a`,
      ),
    );
  }, 120_000);

  it('gives up after the stated time and leaves no trace', async () => {
    const idle = await sandbox.connect();
    await idle.query('BEGIN; SELECT * FROM auth_schema.a');
    await sandbox.write('2_column', 'CREATE TABLE b (n int); ALTER TABLE a ADD COLUMN m int;');

    const settings = { lockTimeoutMs: 50, lockTimeoutMaxMs: 100, lockWaitMs: 1000 };
    await expect(sandbox.deploy(settings)).rejects.toMatchObject({
      code: 'LOCK_NOT_AVAILABLE',
      message: expect.stringContaining('2_column of auth after 1.0 s'),
    });
    expect(await sandbox.query("SELECT to_regclass('auth_schema.b') AS b")).toEqual([{ b: null }]);
    expect(await sandbox.history()).toHaveLength(1);
  });

  it('finishes a concurrent build that it had to give up, once the session in its way is gone', async () => {
    const idle = await sandbox.connect();
    await idle.query('BEGIN; UPDATE auth_schema.a SET n = 2');
    await sandbox.write('2_index', 'CREATE INDEX CONCURRENTLY ON a (n);');

    const settings = { lockWaitMs: 700, lockTimeoutMaxMs: 200 };
    await expect(sandbox.deploy(settings)).rejects.toMatchObject({ code: 'LOCK_NOT_AVAILABLE' });
    await idle.query('COMMIT');
    const { applied, events } = await sandbox.deploy();

    expect(applied).toEqual(['2_index']);
    expect(events).toContainEqual(expect.objectContaining({ type: 'invalid-index' }));
    expect(
      await sandbox.query(
        "SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index WHERE indrelid = 'auth_schema.a'::regclass",
      ),
    ).toEqual([{ name: 'auth_schema.a_n_idx', valid: true }]);
  });

  it('does not run a block that commits a second time, and says that what it committed remains', async () => {
    await sandbox.write(
      '2_block',
      `DO $$ BEGIN
        UPDATE a SET n = n + 1;
        COMMIT;
        RAISE EXCEPTION 'in the way' USING ERRCODE = 'deadlock_detected';
      END $$;`,
    );
    await expect(sandbox.deploy()).rejects.toMatchObject({
      failure: { sqlState: '40P01' },
      message: expect.stringContaining('What the block committed before it failed remains'),
    });
    expect(await sandbox.query('SELECT n FROM auth_schema.a')).toEqual([{ n: 2 }]);
  });

  it('ends a statement that runs longer than allowed', async () => {
    await sandbox.write('2_slow', 'SELECT pg_sleep(20);');
    await expect(sandbox.deploy({ statementTimeoutMs: 100 })).rejects.toMatchObject({
      failure: { sqlState: '57014' },
      hint: expect.stringContaining('--statement-timeout'),
    });
  });
});
