import { relative } from 'node:path';
import type { Command } from 'commander';
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
    .description('What has run, how far.')
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
  const [{ listDataMigrations, loadDataMigration, readStates }, { findRoot, findService }, { migrationUrl }] =
    await load();
  const { close, connect } = await import('../connection/index.js');
  const rows = [];
  for (const name of await listDataMigrations(findRoot())) {
    const { definition } = await loadDataMigration(findRoot(), name);
    const service = findService(definition.service);
    const client = await connect({ url: migrationUrl(service), applicationName: 'db data status' });
    const state = (await readStates(client, service.schema)).find((known) => known.name === name);
    await close(client);
    rows.push({ name, service: service.name, state: describeState(state), rows: state?.rows_done ?? 0 });
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
}

const describeState = (state: { finished_at: Date | null } | undefined): string => {
  if (!state) return 'not run';
  return state.finished_at ? 'complete' : 'unfinished';
};
