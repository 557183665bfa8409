import type { Command } from 'commander';
import type { Service } from '../services/index.js';
import { patiently } from '../terminal/index.js';
import type { Verification } from '../verify/index.js';

interface Flags {
  service?: string;
  fixSql?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('verify')
    .description('Does the database equal the schemas? Exit 2 where it does not.')
    .option('--service <name>', 'one service only; all of them otherwise')
    .option('--fix-sql', 'print the SQL that would make the database equal')
    .option('--json', 'print the result as JSON')
    .action(runVerify);
}

async function runVerify(flags: Flags): Promise<void> {
  const [{ verifyService }, { chooseServices }, { migrationUrl }] = await Promise.all([
    import('../verify/index.js'),
    import('./choose-services.js'),
    import('../settings/index.js'),
  ]);
  const results: Verification[] = [];
  for (const service of chooseServices(flags.service)) {
    const url = migrationUrl(service);
    const result = await patiently(`Comparing ${service.name}`, () => verifyService(service, url));
    results.push(result);
    if (flags.json) continue;
    print(result, flags.fixSql ?? false);
    if (!result.equal && !flags.fixSql) console.error(howToMend(await readPending(service, url)));
  }
  if (flags.json) console.log(JSON.stringify({ services: results }));
  if (results.some(({ equal }) => !equal)) process.exitCode = 2;
}

function print({ service, equal, differences, fixSql }: Verification, asSql: boolean): void {
  if (equal) console.error(`${service}: the database equals the schema.`);
  else if (asSql) console.log(`-- ${service}\n${fixSql.trim()}\n`);
  else {
    console.error(`${service}: the database differs. To equal the schema it would have to change:`);
    console.log(differences);
  }
}

async function readPending(service: Service, url: string): Promise<string[]> {
  const { readStatus } = await import('../status/index.js');
  return (await readStatus({ service, url, compare: false })).pending;
}

/** What is pending may be what the database lacks. */
function howToMend(pending: string[]): string {
  const [first = ''] = pending;
  if (pending.length === 1) return `1 migration is pending (${first}): yarn db deploy, then compare again.`;
  if (pending.length > 1)
    return `${pending.length} migrations are pending (from ${first} on): yarn db deploy, then compare again.`;
  return 'yarn db verify --fix-sql prints the SQL; put it into a migration and deploy that.';
}
