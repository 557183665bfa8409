/** How the next batch is to be taken. */
export interface Pace {
  rows: number;
  pauseMs: number;
}

export interface Measured {
  rows: number;
  ms: number;
}

const targetMs = 250;
const minRows = 50;
const maxRows = 20_000;
const growth = 1.5;
const restShare = 0.1;
const maxRestShare = 9;

/**
 * Keeps a batch near a quarter of a second, so that no row stays locked for longer, and judges the database by its own
 * work: the milliseconds a row takes, compared with the best it has seen. While a row takes no more than twice that,
 * it rests a tenth of each batch's time; beyond, the rest grows with the slowdown, up to nine tenths of the time.
 */
export class Throttle {
  #best = Number.POSITIVE_INFINITY;
  #rows = 500;

  get rows(): number {
    return this.#rows;
  }

  next({ rows, ms }: Measured): Pace {
    if (rows === 0) return { rows: this.#rows, pauseMs: 0 };
    const perRow = ms / rows;
    // The best slowly fades, or one lucky batch would make every later one look bad.
    this.#best = Math.min(this.#best * 1.01, perRow);
    const slowdown = perRow / this.#best;
    const share = slowdown > 2 ? Math.min(slowdown - 1, maxRestShare) : restShare;
    const factor = Math.min(Math.max(targetMs / ms, 0.5), growth);
    this.#rows = Math.round(Math.min(Math.max(this.#rows * factor, minRows), maxRows));
    return { rows: this.#rows, pauseMs: ms * share };
  }
}
