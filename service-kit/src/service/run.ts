import { setFlagsFromString } from 'node:v8';
import { ConfigurationError } from '../config/index.js';
import { Log, serializeError } from '../logging/index.js';
import type { Service } from './service.js';
import { startService } from './start.js';

const v8Flags = [
  // After a crowd of slow requests, such as thirty log-ins, V8 expects that what a request is made of lives long, and puts
  // that among the old objects from then on: on Node 20, all later requests cost half as much again.
  '--no-allocation-site-pretenuring',
  // Optimising Prisma's query compiler takes 45 MB that stay, on Node 20, and made no request measurably cheaper.
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
];

/** The life of a service's process: start, serve, stop on a signal. */
export async function runService(describe: () => Service): Promise<void> {
  for (const flag of v8Flags) setFlagsFromString(flag);
  try {
    const running = await startService(describe());
    const log = running.app.get(Log);
    log.info({ url: running.url, grpcPort: running.grpcPort }, 'ready');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info({ signal }, 'stopping');
        running.stop().then(
          () => process.exit(0),
          (error: unknown) => fail(error),
        );
      });
    }
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const message = error instanceof ConfigurationError ? error.message : JSON.stringify(serializeError(error));
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
