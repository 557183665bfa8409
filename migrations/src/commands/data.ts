import { relative } from 'node:path';
import type { Command } from 'commander';
import type { Service } from '../services/index.js';
import { renderTable } from './table.js';

interface RunFlags {
  dryRun?: boolean;
  restart?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  const data = program.command('data').description('Data migrations: batched, resumable, tracked.');
  data
    .command('new <name>')
    .description('Write migrations/data-migrations/DATE_NAME.ts.')
    .requiredOption('--service <name>', 'the service whose tables it changes')
    .action(runNew);
  data
    .command('run <name>')
    .description('Run one, or continue where it was interrupted.')
    .option('--dry-run', 'only count the rows')
    .option('--restart', 'begin with the first row again, also where the file names other rows than it did')
    .option('--json', 'print the result as JSON')
    .action(runRun);
  data
    .command('status')
    .description('What has run, how far. Exit 2 on one of an unknown service.')
    .option('--json', 'print as JSON')
    .action(runStatus);
}

const load = () =>
  Promise.all([import('../data/index.js'), import('../services/index.js'), import('../settings/index.js')]);

async function runNew(name: string, flags: { service: string }): Promise<void> {
  const [{ newDataMigration }, { findRoot, findService }] = await load();
  const { exampleFor } = await import('../data/example.js');
  const example = await exampleFor(findRoot(), findService(flags.service));
  const file = await newDataMigration(findRoot(), name, example, new Date());
  console.log(relative(process.cwd(), file));
}

async function runRun(given: string, flags: RunFlags): Promise<void> {
  const [
    { countDataMigration, loadDataMigration, runDataMigration },
    { findRoot, findService },
    { migrationUrl },
  ] = await load();
  const migration = await loadDataMigration(findRoot(), given);
  const service = findService(migration.definition.service);
  const options = { migration, service, url: migrationUrl(service), restart: flags.restart };
  if (flags.dryRun) {
    const rows = await countDataMigration(options);
    console.log(flags.json ? JSON.stringify({ rows }) : `${migration.name} would change ${rows} rows.`);
    return;
  }
  const { describeDataEvent, pace } = await import('../data/report.js');
  const isDue = pace();
  const result = await runDataMigration({
    ...options,
    onEvent: (event) => isDue(event) && console.error(describeDataEvent(event)),
  });
  if (flags.json) console.log(JSON.stringify(result));
  else if (result.alreadyFinished) console.log(`${migration.name} is complete (${result.total} rows).`);
  else console.log(`${migration.name}: ${result.rows} rows changed, ${result.total} in all; complete.`);
}

async function runStatus(flags: { json?: boolean }): Promise<void> {
  const [{ listDataMigrations, loadDataMigration }, { findRoot, findServices }] = await load();
  const services = findServices();
  const rows: Row[] = [];
  for (const name of await listDataMigrations(findRoot())) {
    const { definition } = await loadDataMigration(findRoot(), name);
    const service = services.find((known) => known.name === definition.service);
    rows.push({ name, service: definition.service, ...(service ? await stateIn(service, name) : lost) });
  }
  if (flags.json) console.log(JSON.stringify({ dataMigrations: rows }));
  else if (rows.length === 0) console.log('There are no data migrations.');
  else
    console.log(
      renderTable([
        ['name', 'service', 'state', 'rows'],
        ...rows.map((row) => [row.name, row.service, row.state, `${row.rows}`]),
      ]),
    );
  if (rows.some(({ state }) => state === lost.state)) process.exitCode = 2;
}

interface Progress {
  state: string;
  rows: number;
}

type Row = Progress & { name: string; service: string };

/** Of one that is about a service which is gone or never was, so that no database says how far it is. */
const lost: Progress = { state: 'unknown service', rows: 0 };

async function stateIn(service: Service, name: string): Promise<Progress> {
  const [{ readStates }, , { migrationUrl }] = await load();
  const { close, connect } = await import('../connection/index.js');
  const client = await connect({ url: migrationUrl(service), applicationName: 'db data status' });
  const state = (await readStates(client, service.schema)).find((known) => known.name === name);
  await close(client);
  return { state: describeState(state), rows: state?.rows_done ?? 0 };
}

const describeState = (state: { finished_at: Date | null } | undefined): string => {
  if (!state) return 'not run';
  return state.finished_at ? 'complete' : 'unfinished';
};
