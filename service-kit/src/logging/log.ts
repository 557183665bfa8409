import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { currentContext, type RequestContext } from '../context/index.js';
import { serializeError } from './serialize-error.js';

/** JSON lines on stdout. Injected by its class; what it is at run time is a pino logger. */
export abstract class Log {
  abstract child(bindings: Record<string, unknown>, options?: { redact: string[] }): Log;
  abstract debug(fields: object, message: string): void;
  abstract info(fields: object, message: string): void;
  abstract warn(fields: object, message: string): void;
  abstract error(fields: object, message: string): void;
}

const secretFields = ['password', 'currentPassword', 'newPassword', 'token', 'accessToken', 'refreshToken'];
const secretHeaders = ['authorization', 'cookie', 'set-cookie'];

export function createLog(options: {
  service: string;
  level: string;
  /** As NODE_ENV: anything but production shows the messages of errors that may hold values. */
  environment?: string;
  destination?: DestinationStream;
}): Logger {
  const { environment = 'production' } = options;
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: (error: unknown) => serializeError(error, { showValues: environment !== 'production' }),
      },
      mixin: () => currentContext() ?? noContext,
      mixinMergeStrategy: withRequestId,
      redact: {
        paths: [...secretFields, ...secretHeaders].flatMap((name) => [`["${name}"]`, `*["${name}"]`]),
        censor: '[redacted]',
      },
    },
    // Many lines in one write, a tenth of a second late at most; what is left at exit is written then.
    options.destination ?? pino.destination({ sync: false, minLength: 4_096, periodicFlush: 100 }),
  );
}

const noContext = {};

/** Not for the line of the request itself, which has its id: copying its fields would be half of what it costs. */
function withRequestId(fields: object, context: Partial<RequestContext>): object {
  const { requestId } = context;
  return requestId === undefined || 'requestId' in fields ? fields : { requestId, ...fields };
}
