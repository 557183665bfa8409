import type { Command } from 'commander';
import { patiently } from '../terminal/index.js';

interface Flags {
  check?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('sync')
    .description("Copy every service's schema and history to migrations/prisma/.")
    .option('--check', 'write nothing; exit 2 and show the difference when the copy is stale')
    .option('--json', 'print the changed files as JSON')
    .action(async ({ check = false, json = false }: Flags) => {
      const { showDiff, syncSchemas } = await import('../schema/index.js');
      const changes = await patiently('Reading the schemas', () => syncSchemas({ check }));
      if (json) console.log(JSON.stringify({ changes: changes.map(({ path }) => path) }));
      else for (const change of changes) console.log(check ? showDiff(change) : change.path);
      console.error(summary(changes.length, check));
      if (check && changes.length > 0) process.exitCode = 2;
    });
}

function summary(count: number, check: boolean): string {
  if (count === 0) return 'migrations/prisma is in step with every service.';
  const files = count === 1 ? '1 file' : `${count} files`;
  return check ? `migrations/prisma is stale in ${files}. Run: yarn db sync` : `Brought ${files} into step.`;
}
