import { setFlagsFromString } from 'node:v8';
import { ConfigurationError } from '../config/index.js';
import { Log, serializeError } from '../logging/index.js';
import type { Service } from './service.js';
import { startService } from './start.js';

/** The life of a service's process: start, serve, stop on a signal. */
export async function runService(describe: () => Service): Promise<void> {
  keepYoungObjectsYoung();
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

/**
 * A crowd of slow requests, such as thirty log-ins, makes V8 expect that what a request is made of lives long, and it puts
 * that among the old objects from then on. On Node 20 all later requests took half as much time again to clean up after.
 */
const keepYoungObjectsYoung = () => setFlagsFromString('--no-allocation-site-pretenuring');

function fail(error: unknown): void {
  const message = error instanceof ConfigurationError ? error.message : JSON.stringify(serializeError(error));
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
