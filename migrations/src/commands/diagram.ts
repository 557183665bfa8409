import type { Command } from 'commander';
import { patiently } from '../terminal/index.js';

interface Flags {
  check?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('diagram')
    .description("Draw every service's tables to docs/diagram/, as SVG and as Mermaid text.")
    .option('--check', 'write nothing; exit 2 when the drawing is stale')
    .option('--json', 'print the changed files as JSON')
    .action(async ({ check = false, json = false }: Flags) => {
      const { writeDiagram } = await import('../diagram/index.js');
      const changes = await patiently('Drawing', () => writeDiagram({ check }));
      const paths = changes.map(({ path }) => path);
      if (json) console.log(JSON.stringify({ changes: paths }));
      else for (const path of paths) console.log(path);
      console.error(summary(paths.length, check));
      if (check && paths.length > 0) process.exitCode = 2;
    });
}

function summary(count: number, check: boolean): string {
  if (count === 0) return 'docs/diagram shows the schema as it is.';
  return check ? 'docs/diagram is stale. Run: yarn db diagram' : 'Drew docs/diagram anew.';
}
