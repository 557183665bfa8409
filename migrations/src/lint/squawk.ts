import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { UserError } from '../errors/index.js';
import type { SquawkFinding } from './rule.js';

interface Reported {
  file: string;
  line: number;
  column: number;
  message: string;
  rule_name: string;
}

/** Rules that every migration of ours breaks or that our own rules judge better; leaving them out keeps the answer short. */
const excluded = [
  'adding-field-with-default',
  'adding-foreign-key-constraint',
  'adding-not-nullable-field',
  'adding-required-field',
  'adding-serial-primary-key-field',
  'ban-concurrent-index-creation-in-transaction',
  'ban-create-domain-with-constraint',
  'ban-drop-column',
  'ban-drop-table',
  'ban-truncate-cascade',
  'changing-column-type',
  'constraint-missing-not-valid',
  'disallowed-unique-constraint',
  'prefer-identity',
  'prefer-repack',
  'prefer-robust-stmts',
  'renaming-column',
  'renaming-table',
  'require-concurrent-index-creation',
  'require-concurrent-index-deletion',
  'require-concurrent-partition-detach',
  'require-concurrent-reindex',
  'require-lock-timeout',
  'require-statement-timeout',
  'require-timeout-settings',
];

/** Runs squawk once over all files: what it finds by file. */
export async function runSquawk(files: string[]): Promise<Map<string, SquawkFinding[]>> {
  const findings = new Map<string, SquawkFinding[]>();
  if (files.length === 0) return findings;
  const output = await run(['--reporter', 'json', '--exclude', excluded.join(','), ...files]);
  for (const { file, line, column, message, rule_name } of JSON.parse(output) as Reported[]) {
    const list = findings.get(file) ?? [];
    list.push({ rule: rule_name, message, line: line + 1, column: column + 1 });
    findings.set(file, list);
  }
  return findings;
}

/** With its own options only: a .squawk.toml somewhere above would change what is found. */
function run(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(findBinary(), ['--no-error-on-unmatched-pattern', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint += chunk;
    });
    child.on('error', (cause) => reject(unavailable(cause)));
    // It exits with 1 when it found something, so the answer is told from what it printed.
    child.on('close', () =>
      output.startsWith('[') ? resolve(output) : reject(unavailable(new Error(complaint.trim()))),
    );
  });
}

function findBinary(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = process.platform === 'win32' ? 'squawk.exe' : 'squawk';
  try {
    const fromSquawk = createRequire(createRequire(import.meta.url).resolve('squawk-cli/package.json'));
    return fromSquawk.resolve(`@squawk-cli/${platform}/bin/${name}`);
  } catch (cause) {
    throw unavailable(cause);
  }
}

const unavailable = (cause: unknown) =>
  new UserError(
    'SQUAWK_UNAVAILABLE',
    `squawk cannot be run: ${cause instanceof Error ? cause.message : cause}`,
    {
      hint: 'It comes with `yarn install` for Linux, macOS and Windows on x64 and arm64; lint on one of these.',
      cause,
    },
  );
