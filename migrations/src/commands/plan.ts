import { relative } from 'node:path';
import type { Command } from 'commander';
import { describePlannedLock } from '../plan/describe.js';
import type { PlannedMigration, PlannedStatement } from '../plan/index.js';
import { paint, patiently, wrap } from '../terminal/index.js';

interface Flags {
  service?: string;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('plan')
    .description('What a deploy would run: in which order, with which locks, on tables of which size.')
    .option('--service <name>', 'one service only; all of them otherwise')
    .option('--json', 'print the result as JSON')
    .action(runPlan);
}

async function runPlan(flags: Flags): Promise<void> {
  const [{ planDeploy }, { chooseServices }, { migrationUrl }] = await Promise.all([
    import('../plan/index.js'),
    import('./choose-services.js'),
    import('../settings/index.js'),
  ]);
  const services = chooseServices(flags.service);
  const plan = await patiently('Planning', () =>
    planDeploy({ services, urlOf: (service) => migrationUrl(service) }),
  );
  if (flags.json) console.log(JSON.stringify({ migrations: plan }));
  else console.log(plan.length === 0 ? 'Nothing is pending.' : plan.map(renderMigration).join('\n\n'));
}

export function renderMigration({
  service,
  migration,
  file,
  statements,
  findings,
}: PlannedMigration): string {
  return [
    ...wrap(`${service}: ${migration}`, '', '  ').map((line) => paint('bold', line)),
    `  ${relative(process.cwd(), file)}`,
    ...statements.flatMap(renderStatement),
    ...findings.flatMap(renderFinding),
    ...(findings.length > 0 ? ['  yarn db lint shows what to write instead.'] : []),
  ].join('\n');
}

function renderFinding({ level, line, rule, message }: PlannedMigration['findings'][number]): string[] {
  const [first = '', ...rest] = wrap(`${level} at line ${line}, ${rule}: ${message}`, '  ', '    ');
  return [first.replace(rule, paint(level === 'error' ? 'red' : 'yellow', rule)), ...rest];
}

// Enough to tell one statement from another.
const longest = 3;

function renderStatement({ line, text, locks, runs = [], isOpen }: PlannedStatement): string[] {
  const shown = runs.length > 0 ? `DO: ${runs.join('; ')}` : text;
  const lines = wrap(`line ${line}: ${shown.replace(/\s+/g, ' ')}`, '  ', '      ');
  const ending = lines.length > longest ? ' …' : '';
  return [
    `${lines.slice(0, longest).join('\n')}${ending}`,
    ...locks.flatMap((lock) => wrap(describePlannedLock(lock), '    ', '      ')),
    ...(isOpen ? [`    What ${locks.length > 0 ? 'else ' : ''}it locks, its text does not tell.`] : []),
  ];
}
