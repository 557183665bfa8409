import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { say } from '../terminal/index.js';
import { measureBackfill } from './backfill.js';
import { type Measurement, medianOf, middleOf } from './report.js';
import { createSite, type Site } from './site.js';

const db = resolve(import.meta.dirname, '../../../migrations/bin/db');
const bareQuery = join(import.meta.dirname, 'bare-query.js');
const migrations = 200;
const crowd = 50;

/** What a deploy costs: when there is nothing to do, when there is much, when all replicas start at once. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  const site = await createSite();
  try {
    await writeMigrations(site);
    say(`Deploying ${migrations} migrations …`);
    const many = await measureMany(site);
    signal.throwIfAborted();
    say('Deploying nothing …');
    const nothing = await medianOf(9, () => timed(() => deploy(site)));
    say(`Deploying with ${crowd} processes at once …`);
    const crowded = await measureCrowd(site);
    signal.throwIfAborted();
    say('Backfilling 1,000,000 rows …');
    const backfill = await measureBackfill(site, signal);
    const start = {
      what: 'nothing pending, from process start to exit',
      value: nothing,
      unit: 'ms',
      target: 400,
    } as const;
    return [start, ...many, ...crowded, ...backfill];
  } finally {
    await site.remove();
  }
}

async function writeMigrations({ root }: Site): Promise<void> {
  for (let number = 1; number <= migrations; number++) {
    const folder = join(root, `auth/prisma/migrations/20250101${String(number).padStart(6, '0')}_step`);
    await mkdir(folder);
    await writeFile(join(folder, 'migration.sql'), scriptOf(number));
  }
}

const scriptOf = (number: number): string => `
CREATE TABLE auth_schema.t${number} (id text PRIMARY KEY, name text, n int NOT NULL DEFAULT 0);
CREATE INDEX t${number}_name ON auth_schema.t${number} (name);
ALTER TABLE auth_schema.t${number} ADD COLUMN m int;
`;

/**
 * The same SQL by psql, which commits each statement by itself and records nothing. In turns, because a server grows
 * faster from run to run.
 */
async function measureMany(site: Site): Promise<Measurement[]> {
  const file = join(site.root, 'all.sql');
  await writeFile(file, Array.from({ length: migrations }, (_, at) => scriptOf(at + 1)).join(''));
  const psql = () => promisify(execFile)('psql', ['-qv', 'ON_ERROR_STOP=1', '-f', file, site.ownerUrl]);
  const onEmpty = async (work: () => Promise<unknown>) => {
    await site.empty();
    return timed(work);
  };
  const hasPsql = await onEmpty(psql).then(Boolean, () => false);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < 5; run++) {
    ours.push(await onEmpty(() => deploy(site)));
    if (hasPsql) theirs.push(await onEmpty(psql));
  }
  await site.empty();
  await deploy(site);
  const what = `${migrations} migrations`;
  const value = middleOf(ours);
  if (!hasPsql) return [{ what: `${what} (no psql here to compare with)`, value, unit: 'ms' }];
  return [
    { what: `${what}, the same SQL by psql`, value: middleOf(theirs), unit: 'ms' },
    { what: `${what}, at most 1.5 times psql`, value, unit: 'ms', target: middleOf(theirs) * 1.5 },
  ];
}

/** Starting Node and asking the server one thing so often takes its time: nothing in processes of their own is faster. */
async function measureCrowd(site: Site): Promise<Measurement[]> {
  const alone = await measureProcesses(site, 1, [db, 'deploy']);
  const together = await measureProcesses(site, crowd, [db, 'deploy']);
  const floor = await measureProcesses(site, crowd, ['-e', '0']);
  const asking = await measureProcesses(site, crowd, [bareQuery]);
  return [
    { what: 'one deploy alone, empty database', value: alone.ms, unit: 'ms' },
    {
      what: `${crowd} deploys at once, at most 3 times one`,
      value: together.ms,
      unit: 'ms',
      target: alone.ms * 3,
    },
    { what: `floor: ${crowd} times "node -e 0" at once`, value: floor.ms, unit: 'ms' },
    { what: `floor: ${crowd} times pg and SELECT 1 at once`, value: asking.ms, unit: 'ms' },
    { what: 'CPU of one deploy alone', value: alone.cpuMs, unit: 'ms' },
    { what: `CPU of ${crowd} deploys, in total`, value: together.cpuMs, unit: 'ms' },
    { what: `CPU of ${crowd} times "node -e 0", in total`, value: floor.cpuMs, unit: 'ms' },
    { what: `CPU of ${crowd} times pg and SELECT 1, in total`, value: asking.cpuMs, unit: 'ms' },
  ];
}

/**
 * bash adds up what its children used, which Node does not tell. It takes the socket that execFile gives it for a remote
 * shell's and would read the user's .bashrc first.
 */
async function measureProcesses(
  site: Site,
  count: number,
  args: string[],
): Promise<{ ms: number; cpuMs: number }> {
  await site.empty();
  const script = `for _ in $(seq ${count}); do "$0" "$@" 2>/dev/null & done; wait; times`;
  let output = '';
  const ms = await timed(async () => {
    ({ stdout: output } = await promisify(execFile)(
      'bash',
      ['--norc', '-c', script, process.execPath, ...args],
      optionsOf(site),
    ));
  });
  const ofChildren = output.trim().split('\n').at(-1) ?? '';
  const seconds = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return { ms, cpuMs: seconds.reduce((sum, each) => sum + each, 0) * 1000 };
}

const deploy = (site: Site) => promisify(execFile)(process.execPath, [db, 'deploy'], optionsOf(site));

const optionsOf = ({ root, ownerUrl }: Site) => ({
  cwd: root,
  env: { PATH: process.env.PATH, AUTH_MIGRATION_DATABASE_URL: ownerUrl },
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
