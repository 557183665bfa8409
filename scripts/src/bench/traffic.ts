import pg from 'pg';

export interface Traffic {
  /** The longest time, in milliseconds, that one query of each took. */
  stop(): Promise<{ reader: number; writer: number }>;
}

/** A reader and a writer of single rows, as a service is one; answers when both are at work. */
export async function startTraffic(url: string, rows: number): Promise<Traffic> {
  const state = { isStopping: false };
  const anyRow = () => [Math.ceil(Math.random() * rows)];
  const reader = await repeat(url, state, () => ['SELECT id, name FROM bench.items WHERE id = $1', anyRow()]);
  const writer = await repeat(url, state, () => [
    'UPDATE bench.items SET seen = seen + 1 WHERE id = $1',
    anyRow(),
  ]);
  return {
    async stop() {
      state.isStopping = true;
      const [longestRead, longestWrite] = await Promise.all([reader.ended, writer.ended]);
      return { reader: longestRead, writer: longestWrite };
    },
  };
}

const warmUp = 200;

/** Sends one query after the other; what the first ones take is not counted. */
async function repeat(url: string, state: { isStopping: boolean }, next: () => [string, unknown[]]) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (let i = 0; i < warmUp; i++) await client.query(...next());
  const run = async () => {
    let longest = 0;
    while (!state.isStopping) {
      const began = performance.now();
      await client.query(...next());
      longest = Math.max(longest, performance.now() - began);
    }
    await client.end();
    return longest;
  };
  return { ended: run() };
}
