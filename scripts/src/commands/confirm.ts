import { createInterface } from 'node:readline/promises';
import { AnswerNeeded } from '@bw/migrations/errors';

/** Asks on a terminal; elsewhere the answer has to be given by --yes. */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw new AnswerNeeded('ANSWER_NEEDED', question, { hint: 'Say yes with --yes.' });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `, { signal }).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new AnswerNeeded('NOT_CONFIRMED', 'Nothing was changed.');
}
