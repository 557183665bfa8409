import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Names of the tests that passed only at their second attempt. */
  unsteady: string[];
  /** What tests failed with at their first attempt that failed at the second too, perhaps only in consequence. */
  firstFailures: string[];
}

export const none: Totals = { passed: 0, failed: 0, skipped: 0, unsteady: [], firstFailures: [] };

export const add = (one: Totals, other: Totals): Totals => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
  unsteady: [...one.unsteady, ...other.unsteady],
  firstFailures: [...one.firstFailures, ...other.firstFailures],
});

/** The part of Jest's JSON report that is counted here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { assertionResults: TestResult[] }[];
}

interface TestResult {
  fullName: string;
  status: string;
  invocations?: number;
  retryReasons?: string[];
}

/** Runs Jest on the terminal at hand and counts; a file that cannot even be loaded counts as one failure. */
export async function runJest(
  root: string,
  config: string,
  patterns: string[],
  signal: AbortSignal,
): Promise<Totals> {
  const folder = await mkdtemp(join(tmpdir(), 'bw-run-'));
  const flags = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  try {
    // The report goes to stdout, what people read to stderr. A file, since a pipe stays open while anything that a
    // test has started and left behind holds it.
    const stdout = await open(join(folder, 'stdout'), 'w');
    const jest = spawn(process.execPath, [...flags, '--config', join(root, config), '--json', ...patterns], {
      cwd: root,
      signal,
      stdio: ['inherit', stdout.fd, 'inherit'],
    });
    const [code] = await once(jest, 'exit').finally(() => stdout.close());
    const report = findReport(await readFile(join(folder, 'stdout'), 'utf8'));
    return report ? count(report, code) : { ...none, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One line, apart from what tests print; none when Jest did not come to its end. */
function findReport(output: string): Report | undefined {
  const line = output.split('\n').findLast((each) => each.startsWith('{"numFailedTest'));
  return line ? (JSON.parse(line) as Report) : undefined;
}

function count(report: Report, code: unknown): Totals {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: report.numPassedTests,
    // Jest also fails without a failed test, for one when nothing matches the pattern.
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
    unsteady: tests
      .filter(({ status, invocations = 1 }) => status === 'passed' && invocations > 1)
      .map(({ fullName }) => fullName),
    firstFailures: tests
      .filter(({ status }) => status === 'failed')
      .flatMap(({ fullName, retryReasons = [] }) => retryReasons.map((reason) => `${fullName}\n${reason}`)),
  };
}
