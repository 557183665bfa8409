import type { Command } from 'commander';
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
  for (const service of chooseServices(flags.service))
    results.push(
      await patiently(`Comparing ${service.name}`, () => verifyService(service, migrationUrl(service))),
    );
  if (flags.json) console.log(JSON.stringify({ services: results }));
  else for (const result of results) print(result, flags.fixSql ?? false);
  if (results.some(({ equal }) => !equal)) process.exitCode = 2;
}

function print({ service, equal, differences, fixSql }: Verification, asSql: boolean): void {
  if (equal) console.error(`${service}: the database equals the schema.`);
  else if (asSql) console.log(`-- ${service}\n${fixSql.trim()}\n`);
  else {
    console.error(`${service}: the database differs. To equal the schema it would have to change:`);
    console.log(differences);
    console.error('yarn db verify --fix-sql prints the SQL; put it into a migration and deploy that.');
  }
}
