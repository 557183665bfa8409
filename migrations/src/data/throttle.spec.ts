import { describe, expect, it } from '@jest/globals';
import { Throttle } from './throttle.js';

/** Feeds batches whose rows take this long each; answers the last pace. */
function run(throttle: Throttle, msPerRow: number, batches: number) {
  let pace = { rows: throttle.rows, pauseMs: 0 };
  for (let at = 0; at < batches; at++) pace = throttle.next({ rows: pace.rows, ms: pace.rows * msPerRow });
  return pace;
}

describe('the pace of a data migration', () => {
  it('finds the batch that takes about a quarter of a second', () => {
    expect(run(new Throttle(), 0.1, 20).rows * 0.1).toBeCloseTo(250, -1);
    expect(run(new Throttle(), 10, 20).rows).toBe(50);
    expect(run(new Throttle(), 0.001, 20).rows).toBe(20_000);
  });

  it('rests a tenth of the time while rows take what they took', () => {
    const { rows, pauseMs } = run(new Throttle(), 0.1, 20);
    expect(pauseMs).toBeCloseTo(rows * 0.1 * 0.1, 5);
  });

  it('rests far longer when rows take much longer than they did, and recovers', () => {
    const throttle = new Throttle();
    run(throttle, 0.1, 20);
    const struggling = run(throttle, 0.6, 5);
    expect(struggling.pauseMs).toBeGreaterThan(4 * struggling.rows * 0.6);
    const recovered = run(throttle, 0.1, 5);
    expect(recovered.pauseMs).toBeLessThan(recovered.rows * 0.1);
  });
});
