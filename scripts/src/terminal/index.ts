import { styleText } from 'node:util';
import { UserError } from '@bw/migrations/errors';

type Style = Parameters<typeof styleText>[0];

/** Where a command says what it does, kept apart from its results. */
export const say = (line = ''): void => void process.stderr.write(`${line}\n`);

/** Colour on a terminal, plain text elsewhere and where NO_COLOR asks for it. */
export function paint(style: Style, text: string): string {
  const isPlain = !process.stderr.isTTY || Boolean(process.env.NO_COLOR);
  return isPlain ? text : styleText(style, text);
}

export const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs a command's story and turns what it throws into one message and an exit code. */
export async function runCommand(story: (signal: AbortSignal) => Promise<number | undefined>): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interruption.abort(new Interrupted(signal)));
  }
  try {
    process.exitCode = (await story(interruption.signal)) ?? 0;
  } catch (error) {
    // What waits with a signal wraps the reason for which it was interrupted.
    process.exitCode = report(interruption.signal.aborted ? interruption.signal.reason : error);
  }
}

class Interrupted extends Error {
  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
  }
}

function report(error: unknown): number {
  if (error instanceof Interrupted) {
    say(error.message);
    return 130;
  }
  if (error instanceof UserError) {
    say(`${paint('red', 'error')} ${error.message}`);
    if (error.hint) say(error.hint);
    return error.exitCode;
  }
  console.error(error);
  return 1;
}
