export interface Measurement {
  what: string;
  value: number;
  unit: 'ms' | 'MB' | '/s' | '%' | 'requests';
  /** What it should be at most; for a rate, at least. */
  target?: number;
}

/** The absolute figure, the target and the ratio between them, one line each. */
export function printReport(measurements: Measurement[]): void {
  const width = Math.max(...measurements.map(({ what }) => what.length));
  console.log(`${'measured'.padEnd(width)}  ${'value'.padStart(10)}  ${'target'.padStart(10)}  value/target`);
  for (const { what, value, unit, target } of measurements) {
    const show = (number: number) => `${Math.round(number)} ${unit}`.padStart(10);
    const ratio = target === undefined ? '' : `${(value / target).toFixed(2)}`.padStart(12);
    console.log(
      `${what.padEnd(width)}  ${show(value)}  ${target === undefined ? '' : show(target)}  ${ratio}`,
    );
  }
}

/** The middle one of several measurements, which a single slow one cannot move. */
export async function medianOf(times: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < times; i++) values.push(await measure());
  return middleOf(values);
}

export const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
