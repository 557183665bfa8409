import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSteps } from '../../src/deploy/script.js';
import { writeMark } from '../../src/history/index.js';
import { seededRandom } from '../seeded-random.js';
import { buildCli, runDb, startDb } from './cli.js';
import { picture, writeMixedHistory } from './mixed-history.js';
import { createSandbox, type Sandbox } from './sandbox.js';

const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);
const random = seededRandom(seed);
let undisturbed: unknown;
/** How long a whole deploy takes here and now, in this process and in one of its own: kills fall into that time. */
const calmMs = { here: 0, process: 0 };

beforeAll(async () => {
  await buildCli();
  calmMs.process = await timed((sandbox) => runDb(sandbox, ['deploy']));
  calmMs.here = await timed(async (sandbox) => {
    await sandbox.deploy();
    undisturbed = await picture(sandbox);
  });
}, 120_000);
afterAll(() => console.info(`Kill moments came from KILL_SEED=${seed}.`));

const longestMs = 5_000;

async function timed(work: (sandbox: Sandbox) => Promise<unknown>): Promise<number> {
  const sandbox = await createSandbox();
  await writeMixedHistory(sandbox);
  const began = Date.now();
  await work(sandbox);
  const ms = Date.now() - began;
  await sandbox.close();
  // A machine that was busy just then would have the kills wait for minutes.
  return Math.min(ms, longestMs);
}

/** After so many the database is left in peace, or a slow machine would never get it done. */
const killsPerDatabase = 20;

/** Databases are deployed to again and again until the kills are used up; each must end as if nothing had happened. */
async function survive(kills: number, isKilled: (sandbox: Sandbox) => Promise<boolean>): Promise<void> {
  let left = kills;
  while (left > 0) {
    const sandbox = await createSandbox();
    await writeMixedHistory(sandbox);
    let here = Math.min(left, killsPerDatabase);
    for (; here > 0 && (await isKilled(sandbox)); here--) left--;
    await sandbox.deploy();
    expect(await picture(sandbox)).toEqual(undisturbed);
    await sandbox.close();
  }
}

async function backendKilled(sandbox: Sandbox): Promise<boolean> {
  const deploy = sandbox.deploy().then(
    () => false,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'CONNECTION_LOST' });
      return true;
    },
  );
  // Each attempt begins where the last one ended, so that a part of the time is enough to fall anywhere.
  await sleep((random() * calmMs.here) / 3);
  await sandbox.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'db deploy%' AND datname = current_database()",
  );
  return deploy;
}

async function processKilled(sandbox: Sandbox): Promise<boolean> {
  const { child, outcome } = startDb(sandbox, ['deploy']);
  await Promise.race([outcome, sleep(random() * calmMs.process)]);
  child.kill('SIGKILL');
  return (await outcome).code !== 0;
}

describe('a deploy that is killed', () => {
  it('ends as if undisturbed after 180 kills of its backend at random moments', async () => {
    await survive(180, backendKilled);
  }, 600_000);

  it('ends as if undisturbed after 20 kills of its process at random moments', async () => {
    await survive(20, processKilled);
  }, 600_000);
});

describe('what an earlier deploy could not write down', () => {
  it.each([
    ['built', 'CREATE INDEX CONCURRENTLY ON a (n);', 'CREATE INDEX CONCURRENTLY ON auth_schema.a (n)'],
    ['dropped', 'DROP INDEX CONCURRENTLY a_m;', 'DROP INDEX CONCURRENTLY auth_schema.a_m'],
  ])('is seen in the catalogue: an index that was %s is not touched again', async (_, script, done) => {
    const sandbox = await cutOffIn('2_index', script, { applied: 0 });
    await sandbox.query(done);
    const before = await files(sandbox);
    // The next deploy is cut off as well, after it began and before it wrote down what it saw.
    const cutOffAgain = sandbox.deploy({}, ({ type }) => {
      if (type === 'already-done') throw new Error('cut off');
    });
    await expect(cutOffAgain).rejects.toThrow('cut off');
    const { applied, events } = await sandbox.deploy();
    expect(applied).toEqual(['2_index']);
    expect(events.map(({ type }) => type)).toEqual([
      'applying',
      'found',
      'already-done',
      'applied',
      'finished',
    ]);
    expect(await files(sandbox)).toEqual(before);
    await sandbox.close();
  });

  it('is not confused with what the step before it had done', async () => {
    const script = 'CREATE INDEX CONCURRENTLY ON a (n); CREATE INDEX CONCURRENTLY ON a (m);';
    const sandbox = await cutOffIn('2_indexes', script, { applied: 1 });
    await sandbox.query('CREATE INDEX CONCURRENTLY ON auth_schema.a (n)');
    await sandbox.deploy();
    expect((await files(sandbox)).map(({ relname }) => relname)).toEqual(
      expect.arrayContaining(['a_n_idx', 'a_m_idx']),
    );
    await sandbox.close();
  });
});

describe('what an earlier deploy left unfinished', () => {
  const invalidate = (index: string) =>
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'auth_schema.${index}'::regclass`;
  const indexes = (sandbox: Sandbox) =>
    sandbox.query(
      "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'auth_schema.a'::regclass AND indisvalid ORDER BY 1",
    );

  it('is not taken for done because of an index that somebody else has built since', async () => {
    const sandbox = await cutOffIn('2_index', 'CREATE INDEX CONCURRENTLY a_n ON a (n);', { applied: 0 });
    await sandbox.query('CREATE INDEX a_n ON auth_schema.a (n); CREATE INDEX another ON auth_schema.a (m)');
    await sandbox.query(invalidate('a_n'));
    const { events } = await sandbox.deploy();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'invalid-index', index: 'auth_schema.a_n' }),
    );
    expect(await indexes(sandbox)).toEqual(
      ['a_m', 'a_n', 'another'].map((name) => ({ name: `auth_schema.${name}` })),
    );
    await sandbox.close();
  });

  it('is not taken for done after the statement was edited, and what it left goes', async () => {
    const script = 'CREATE INDEX CONCURRENTLY ON a (n);';
    const sandbox = await cutOffIn('2_index', script, { applied: 0 });
    await sandbox.query('CREATE INDEX ON auth_schema.a (n); CREATE INDEX left_over ON auth_schema.a (n, m)');
    await sandbox.query(invalidate('left_over'));
    await sandbox.write('2_index', 'CREATE INDEX CONCURRENTLY ON a (m, n);');
    await sandbox.deploy();
    expect(await indexes(sandbox)).toEqual(
      ['a_m', 'a_m_n_idx', 'a_n_idx'].map((name) => ({ name: `auth_schema.${name}` })),
    );
    expect(await sandbox.query("SELECT to_regclass('auth_schema.left_over') AS left")).toEqual([
      { left: null },
    ]);
    await sandbox.close();
  });
});

/** A table `a`, and a migration whose first step was begun; so many of its steps are noted as applied. */
async function cutOffIn(name: string, script: string, { applied }: { applied: number }): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.write('1_table', 'CREATE TABLE a (n int, m int); CREATE INDEX a_m ON a (m);');
  await sandbox.deploy();
  await sandbox.write(name, script);
  const steps = await readSteps({ name, sql: script, file: name, checksum: '' });
  const mark = writeMark(
    {
      state: 'running',
      by: 'pid 1 on web-1',
      steps: steps.map(({ digest }) => digest),
      before: { step: 0, indexes: ['auth_schema.a_m'] },
    },
    'Being applied.',
  );
  await sandbox.query(
    `INSERT INTO auth_schema._prisma_migrations (id, checksum, migration_name, logs, applied_steps_count)
       VALUES ('id', 'checksum', '${name}', '${mark}', ${applied})`,
  );
  return sandbox;
}

const files = (sandbox: Sandbox) =>
  sandbox.query<{ relname: string }>(
    "SELECT oid, relname, relfilenode FROM pg_class WHERE relnamespace = 'auth_schema'::regnamespace ORDER BY 1",
  );
