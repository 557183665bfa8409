/**
 * Name, code and stack. Other properties stay out: database errors carry the values of the row in `detail`, and
 * Prisma writes the arguments of the call into the message, which is shown only where nothing real is at stake.
 */
export function serializeError(error: unknown, { showValues = false } = {}): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const mayHoldValues = error.constructor.name.startsWith('PrismaClient');
  return {
    type: error.constructor.name,
    message: mayHoldValues && !showValues ? undefined : error.message,
    code: 'code' in error ? error.code : undefined,
    stack: frames.join('\n'),
    ...(error.cause !== undefined && { cause: serializeError(error.cause, { showValues }) }),
  };
}
