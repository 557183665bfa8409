import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { UserError } from '@bw/migrations/errors';
import { runCommand } from '../terminal/index.js';
import { type Measurement, printReport } from './report.js';

/** A file NAME.bench.ts in this folder is a benchmark, run by `yarn bench NAME`. */
interface Bench {
  measure(signal: AbortSignal, options: Options): Promise<Measurement[]>;
}

interface Options {
  /** How long memory is watched under load, where a benchmark does that. */
  minutes?: number;
}

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.js'))
  .map((file) => basename(file, '.bench.js'));

const usage = `Usage: yarn bench NAME [--minutes N], where NAME is one of: ${known.join(', ')}.
  --minutes N   how long \`post\` watches its memory under load; 1 by default`;

await runCommand(async (signal) => {
  const { name, help, ...options } = readArguments();
  if (help) return void console.log(usage);
  if (!known.includes(name)) {
    throw new UserError('UNKNOWN_BENCH', name ? `There is no benchmark "${name}".` : 'Which benchmark?', {
      hint: usage,
    });
  }
  // The services are measured as they are delivered: after an edit there is no bundle until the next build.
  await promisify(execFile)(process.execPath, [resolve(import.meta.dirname, '../../build.mjs')], { signal });
  const { measure } = (await import(`./${name}.bench.js`)) as Bench;
  printReport(await measure(signal, options));
});

function readArguments(): Options & { name: string; help: boolean } {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false }, minutes: { type: 'string' } },
  });
  const [name = ''] = positionals;
  const { help, minutes } = values;
  if (minutes === undefined) return { name, help };
  if (!(Number(minutes) > 0)) {
    throw new UserError('WRONG_MINUTES', `"${minutes}" is not a number of minutes.`, { hint: usage });
  }
  return { name, help, minutes: Number(minutes) };
}
