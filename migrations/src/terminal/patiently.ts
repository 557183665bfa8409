interface Options {
  /** Milliseconds that need no explanation. */
  after?: number;
  output?: { isTTY?: boolean; write(text: string): unknown };
}

/** Says what takes long when it does: once in a log, and with the seconds on a terminal, where it goes away again. */
export async function patiently<T>(
  what: string,
  work: () => Promise<T>,
  { after = 2_000, output = process.stderr }: Options = {},
): Promise<T> {
  const began = Date.now();
  let isSaid = false;
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    if (output.isTTY) output.write(`\r${what} … ${seconds} s`);
    else if (!isSaid) output.write(`${what} …\n`);
    isSaid = true;
  }, after);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isSaid && output.isTTY) output.write('\r\u001b[K');
  }
}
