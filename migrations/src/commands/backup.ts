import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { formatDuration } from '../deploy/settings.js';
import { renderTable } from './table.js';

interface BackupFlags {
  output?: string;
  verify?: boolean;
  json?: boolean;
}

interface RestoreFlags {
  swap?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command('backup')
    .description('Dump the whole database to backups/, named by the time.')
    .option('--output <folder>', 'another folder')
    .option('--verify', 'restore it into a scratch database and compare every table')
    .option('--json', 'print the result as JSON')
    .action(runBackup);
  program
    .command('restore <file>')
    .description('Restore beside the present database and compare.')
    .option('--swap', 'then put it in its place; the present one stays under another name')
    .option('--json', 'print the result as JSON')
    .action(runRestore);
}

const load = () =>
  Promise.all([import('../backup/index.js'), import('../services/index.js'), import('../settings/index.js')]);

const onStep = (step: string): void => console.error(step);

async function runBackup(flags: BackupFlags): Promise<void> {
  const [{ backUp }, { findRoot }, { adminUrl }] = await load();
  const folder = flags.output ?? join(findRoot(), 'backups');
  const backup = await backUp({ adminUrl: adminUrl(), folder, verify: flags.verify, onStep });
  if (flags.json) return void console.log(JSON.stringify(backup));
  const size = `${(backup.bytes / 1_048_576).toFixed(1)} MiB`;
  const checked = backup.verified ? ', restored on trial: equal' : '';
  console.log(`${relative(process.cwd(), backup.file)} (${size}, ${formatDuration(backup.ms)}${checked})`);
}

async function runRestore(file: string, flags: RestoreFlags): Promise<void> {
  const [{ restore }, , { adminUrl }] = await load();
  const { differences, tables, keptAs } = await restore({
    adminUrl: adminUrl(),
    file,
    swap: flags.swap,
    onStep,
  });
  if (flags.json) return void console.log(JSON.stringify({ differences, tables, keptAs }));
  const rows = differences.map(({ table, left, right }) => [
    table,
    `${left ?? 'none'}`,
    `${right ?? 'none'}`,
  ]);
  if (rows.length > 0)
    console.log(renderTable([['table', 'rows in the backup', 'rows at present'], ...rows]));
  console.error(`${tables} tables restored; ${rows.length} of them differ in their number of rows.`);
  console.error(
    keptAs
      ? `The backup is in place. The database it replaced is kept as ${keptAs}.`
      : 'The present database was not touched. --swap puts the restored one in its place.',
  );
}
