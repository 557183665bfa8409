import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { patiently } from '../terminal/index.js';

interface Flags {
  service?: string;
  output: string;
  watch?: boolean;
  port: number;
}

export function register(program: Command): void {
  program
    .command('report')
    .description("One page that shows every service's migrations, locks, drift, data migrations and tables.")
    .option('--service <name>', 'one service only; all of them otherwise')
    .option('-o, --output <file>', 'where the page is written', 'db-report.html')
    .option('--watch', 'serve it on 127.0.0.1 instead, following a running deploy or backfill')
    .option('--port <number>', 'the port for --watch', parsePort, 0)
    .action(run);
}

async function run({ service, output, watch, port }: Flags): Promise<void> {
  const [{ createReport, watchReport }, { chooseServices }, { migrationUrl }, { findRoot }] =
    await Promise.all([
      import('../report/index.js'),
      import('./choose-services.js'),
      import('../settings/index.js'),
      import('../services/index.js'),
    ]);
  const options = {
    root: findRoot(),
    services: chooseServices(service),
    urlOf: migrationUrl,
    compare: true,
  };
  if (watch) {
    const { url, close } = await watchReport(options, port);
    console.log(url);
    console.error('Following the databases; Ctrl-C ends it.');
    process.once('SIGINT', () => void close());
    return;
  }
  await writeFile(output, await patiently('Reading the databases', () => createReport(options)));
  console.log(output);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
