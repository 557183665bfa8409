import autocannon from 'autocannon';
import { middleOf } from './report.js';

export const connections = 20;
const usual = { connections, seconds: 3 };
const rounds = 3;

export type Load = Omit<autocannon.Options, 'connections' | 'duration'>;

/**
 * Requests a second of each load, the middle of some rounds after one to warm up. In turns, so that what disturbs the
 * machine for a while disturbs them all.
 */
export async function ratesOf(loads: readonly Load[]): Promise<number[]> {
  for (const each of loads) await load(each);
  const measured = loads.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [n, each] of loads.entries()) measured[n]?.push((await load(each)).requests.average);
  }
  return measured.map(middleOf);
}

/** An answer that is no success makes the figure worthless. */
export async function load(options: Load, { connections, seconds } = usual): Promise<autocannon.Result> {
  const result = await autocannon({ ...options, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${options.url}: ${result.non2xx + result.errors} of ${result.requests.total} requests failed.`,
    );
  }
  return result;
}
