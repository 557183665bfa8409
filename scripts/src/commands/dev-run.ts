import { startContainers } from '../dev/containers.js';
import { layout } from '../dev/layout.js';
import { portVariable } from '../dev/settings.js';
import { type StartResult, startEnvironment } from '../dev/start.js';
import { chooseWay, runningWay } from '../dev/way.js';
import { runCommand, say } from '../terminal/index.js';
import { add, none, runJest, type Totals } from '../testing/index.js';
import { readFlags } from './flags.js';

const containerTests = 'scripts/test/containers/jest.config.mjs';

await runCommand(async (signal) => {
  const { values, positionals } = readFlags('./dev.run', {
    options: { unit: { type: 'boolean' }, e2e: { type: 'boolean' }, containers: { type: 'boolean' } },
    allowPositionals: true,
  });
  const isOnlyUnit = values.unit || (positionals.length > 0 && !values.e2e);
  let totals = none;
  if (!values.e2e) totals = add(totals, await runJest(layout.root, 'jest.config.mjs', positionals, signal));
  if (!isOnlyUnit && !signal.aborted) totals = add(totals, await runEndToEnd(positionals, signal));
  if (values.containers && !signal.aborted)
    totals = add(totals, await runJest(layout.root, containerTests, [], signal));
  signal.throwIfAborted();
  for (const failure of totals.firstFailures) say(`At its first attempt failed: ${failure}`);
  for (const test of totals.unsteady) say(`Passed only at its second attempt: ${test}`);
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals.failed > 0 ? 1 : 0;
});

async function runEndToEnd(patterns: string[], signal: AbortSignal): Promise<Totals> {
  const environment = await start(signal).catch((error: unknown) => {
    signal.throwIfAborted();
    say(`The environment did not start, so no end-to-end test ran.\n${String(error)}`);
  });
  if (!environment) return { ...none, failed: 1 };
  for (const { name, httpPort } of environment.settings.services) {
    process.env[portVariable(name, 'HTTP')] = String(httpPort);
  }
  try {
    return await runJest(layout.root, 'scripts/test/e2e/jest.config.mjs', patterns, signal);
  } finally {
    await environment.undo();
  }
}

/** The environment that runs, or one without containers: it needs nothing built first. */
async function start(signal: AbortSignal): Promise<StartResult> {
  const way = await chooseWay(layout, (await runningWay(layout)) ?? 'embedded');
  return way === 'docker' ? startContainers(layout, signal) : startEnvironment(layout, signal);
}
