import type { Command } from 'commander';
import type { ServiceStatus } from '../status/index.js';
import { paint, patiently, wrap } from '../terminal/index.js';
import { renderTable } from './table.js';

interface Flags {
  service?: string;
  drift: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('status')
    .description(
      'Every service: applied, pending, failed, edited, unknown to this checkout, drift. Exit 2 on failed, edited or drift.',
    )
    .option('--service <name>', 'one service only; all of them otherwise')
    .option('--no-drift', 'do not compare database and schema')
    .option('--json', 'print the result as JSON')
    .action(runStatus);
}

async function runStatus(flags: Flags): Promise<void> {
  const [{ readStatus }, { chooseServices }, { migrationUrl }] = await Promise.all([
    import('../status/index.js'),
    import('./choose-services.js'),
    import('../settings/index.js'),
  ]);
  const services = chooseServices(flags.service);
  const statuses = await patiently('Reading the databases', () =>
    Promise.all(
      services.map((service) => readStatus({ service, url: migrationUrl(service), compare: flags.drift })),
    ),
  );
  if (flags.json) console.log(JSON.stringify({ services: statuses }));
  else console.log(renderStatuses(statuses));
  if (statuses.some(isAmiss)) process.exitCode = 2;
}

/** What is pending or being applied, or newer than this checkout, is in order. */
const isAmiss = ({ failed, edited, drift }: ServiceStatus): boolean =>
  failed.some(({ state }) => state === 'failed') || edited.length > 0 || drift === 'found';

export function renderStatuses(statuses: ServiceStatus[]): string {
  const head = ['service', 'applied', 'pending', 'failed', 'edited', 'unknown', 'drift'];
  const rows = statuses.map((status) => [
    status.service,
    ...[status.applied, status.pending, status.failed, status.edited, status.unknown].map(
      ({ length }) => `${length}`,
    ),
    status.drift,
  ]);
  return [renderTable([head, ...rows]), ...statuses.flatMap(details)].join('\n');
}

function details({ service, isPrepared, pending, failed, edited, unknown, drift }: ServiceStatus): string[] {
  const line = (color: 'red' | 'yellow', state: string, what: string): string =>
    wrap(`${service}: ${state}: ${what}`, '', '  ').join('\n').replace(state, paint(color, state));
  return [
    ...(isPrepared
      ? []
      : [line('red', 'the database has not its schema', 'migrations/migrate-multi-schema.sh makes it')]),
    ...pending.map((name) => line('yellow', 'pending', name)),
    ...failed.map(({ name, state, reason }) => `${line('red', state, name)}\n${indent(reason)}`),
    ...edited.map((name) => line('red', 'edited after it was applied', name)),
    ...unknown.map((name) => line('red', 'applied, but not in this checkout', name)),
    ...(drift === 'found'
      ? wrap(`${service}: the database differs from the schema: yarn db verify shows where`, '', '  ')
      : []),
  ];
}

const indent = (text: string): string => text.replace(/^/gm, '    ');
