import type { Command } from 'commander';

interface Flags {
  service: string;
  through?: string;
  force?: boolean;
}

export function register(program: Command): void {
  program
    .command('baseline')
    .description('Adopt an existing database: record migrations as applied without running them.')
    .requiredOption('--service <name>', 'the service whose database it is')
    .option('--through <migration>', 'the last one to record; all of them otherwise')
    .option('--force', 'record even though the database differs from the schema')
    .action(runBaseline);
}

async function runBaseline({ service: name, ...options }: Flags): Promise<void> {
  const [{ baselineService }, { findService }, { migrationUrl }] = await Promise.all([
    import('../baseline/index.js'),
    import('../services/index.js'),
    import('../settings/index.js'),
  ]);
  const service = findService(name);
  const recorded = await baselineService({ ...options, service, url: migrationUrl(service) });
  for (const migration of recorded) console.log(migration);
  console.error(`${name}: ${recorded.length} recorded as applied; nothing else was touched.`);
}
