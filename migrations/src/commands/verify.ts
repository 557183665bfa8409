import type { Command } from 'commander';
import type { Service } from '../services/index.js';
import type { ServiceStatus } from '../status/index.js';
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
    const advice = result.equal ? '' : howToMend(await readHistory(service, url), flags.fixSql ?? false);
    if (advice) console.error(advice);
  }
  if (flags.json) console.log(JSON.stringify({ services: results }));
  if (results.some(({ equal }) => !equal)) process.exitCode = 2;
}

function print(result: Verification, asSql: boolean): void {
  const { service, equal, differences, fixSql, notCompared } = result;
  if (notCompared)
    console.error(
      `${service}: only what Prisma knows was compared; no checks, triggers, functions, policies and views, nor whether indexes are valid. That takes a scratch database in which the migrations run: ${notCompared}`,
    );
  if (equal && notCompared) console.error(`${service}: what was compared equals the schema.`);
  else if (equal) console.error(`${service}: the database equals the schema.`);
  else if (asSql) console.log(`-- ${service}\n${fixSql.trim()}\n`);
  else {
    console.error(`${service}: the database differs. To equal the schema it would have to change:`);
    console.log(differences);
  }
}

async function readHistory(service: Service, url: string): Promise<ServiceStatus> {
  const { readStatus } = await import('../status/index.js');
  return readStatus({ service, url, compare: false });
}

/** What is pending may be what the database lacks, and what this checkout lacks is no drift of the database. */
function howToMend({ pending, unknown }: ServiceStatus, asSql: boolean): string {
  const [first = ''] = pending;
  if (unknown.length > 0)
    return `The database is newer than this checkout, which lacks ${unknown.join(', ')}: bring the checkout up to date (git pull), then compare again.`;
  if (asSql) return '';
  if (pending.length === 1) return `1 migration is pending (${first}): yarn db deploy, then compare again.`;
  if (pending.length > 1)
    return `${pending.length} migrations are pending (from ${first} on): yarn db deploy, then compare again.`;
  return 'yarn db verify --fix-sql prints the SQL; put it into a migration and deploy that.';
}
