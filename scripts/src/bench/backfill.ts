import { join } from 'node:path';
import { runDataMigration } from '@bw/migrations/data';
import { findServices } from '@bw/migrations/services';
import pg from 'pg';
import type { Measurement } from './report.js';
import type { Site } from './site.js';

const rows = 1_000_000;
const early = 10_000;

/**
 * Whether a data migration is as fast at its end as after its first rows, and whether it needs more memory. The middle one
 * of three: a checkpoint or an autovacuum that falls on one end makes that end slower.
 */
export async function measureBackfill(site: Site, signal: AbortSignal): Promise<Measurement[]> {
  const runs: Run[] = [];
  for (const table of ['filled_1', 'filled_2', 'filled_3']) runs.push(await backfill(site, table, signal));
  const run = runs.toSorted((a, b) => a.atEnd / a.atStart - b.atEnd / b.atStart)[1] as Run;
  const { atStart, atEnd, memoryEarly, memoryAtEnd } = run;
  return [
    { what: `backfill, rows a second after the first ${early}`, value: atStart, unit: '/s' },
    { what: 'backfill, rows a second at the end', value: atEnd, unit: '/s', target: atStart * 0.8 },
    { what: 'backfill, memory after a tenth', value: memoryEarly, unit: 'MB' },
    { what: 'backfill, memory at the end', value: memoryAtEnd, unit: 'MB', target: memoryEarly * 1.2 },
  ];
}

/** Rows a second, and megabytes. */
interface Run {
  readonly atStart: number;
  readonly atEnd: number;
  readonly memoryEarly: number;
  readonly memoryAtEnd: number;
}

async function backfill(site: Site, table: string, signal: AbortSignal): Promise<Run> {
  await fill(site, table);
  const [service] = findServices(site.root);
  if (!service) throw new Error(`${site.root} has no service.`);
  const points: { done: number; at: number; megabytes: number }[] = [];
  const definition = { service: 'auth', table, set: "full_name = first_name || ' ' || last_name" };
  const file = join(site.root, `${table}.ts`);
  await runDataMigration({
    migration: { name: table, file, checksum: 'bench', definition },
    service,
    url: site.ownerUrl,
    signal,
    onEvent: (event) => {
      if (event.type !== 'progress') return;
      points.push({
        done: event.done,
        at: performance.now(),
        megabytes: process.memoryUsage().rss / 1_048_576,
      });
    },
  });
  const rateOf = (from: number, to: number) => {
    const inside = points.filter(({ done }) => done >= from && done <= to);
    const [first, last] = [inside.at(0), inside.at(-1)];
    if (!first || !last || first === last) return Number.NaN;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  };
  const memory = (share: number) => points[Math.floor((points.length - 1) * share)]?.megabytes ?? Number.NaN;
  return {
    atStart: rateOf(early, early * 10),
    atEnd: rateOf(rows * 0.9, rows),
    memoryEarly: memory(0.1),
    memoryAtEnd: memory(1),
  };
}

async function fill({ ownerUrl }: Site, table: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`CREATE TABLE auth_schema.${table} (id text PRIMARY KEY, first_name text, last_name text, full_name text);
    INSERT INTO auth_schema.${table}
      SELECT lpad(g::text, 12, '0'), md5(g::text), md5((g + 1)::text) FROM generate_series(1, ${rows}) g;
    ANALYZE auth_schema.${table}`);
  await client.end();
}
