import type { Command } from 'commander';
import { UserError } from '../errors/index.js';
import { patiently } from '../terminal/index.js';

interface Flags {
  service?: string;
  format: string;
  json?: boolean;
  base?: string;
  database?: boolean;
}

export function register(program: Command): void {
  program
    .command('lint')
    .description('Operations in migrations that lose data, stop traffic or fail. Exit code 2 on a finding.')
    .argument('[file...]', 'migration.sql files; every migration of every service when none is given')
    .option('--service <name>', 'one service only; all of them otherwise')
    .option('--format <format>', 'text, json, github (annotations) or sarif', 'text')
    .option('--json', 'the same as --format json')
    .option('--base <ref>', 'a branch whose migrations count as applied: finds edited ones and a wrong order')
    .option('--database', 'the same from the history in the database of each service')
    .action(runLint);
}

async function runLint(files: string[], flags: Flags): Promise<void> {
  const [{ formats, isFormat, lintServices, report }, { chooseServices }] = await Promise.all([
    import('../lint/index.js'),
    import('./choose-services.js'),
  ]);
  const format = flags.json ? 'json' : flags.format;
  if (!isFormat(format)) {
    throw new UserError('UNKNOWN_FORMAT', `There is no format "${format}".`, {
      hint: `Use --format with one of: ${formats.join(', ')}.`,
    });
  }
  const { base, database } = flags;
  const services = chooseServices(flags.service);
  const findings = await patiently('Reading the migrations', () =>
    lintServices({ services, files, base, database }),
  );
  const output = report(findings, format);
  if (output) console.log(output);
  if (format === 'text' && findings.length === 0) console.error('Nothing found.');
  if (findings.some(({ level }) => level === 'error')) process.exitCode = 2;
}
