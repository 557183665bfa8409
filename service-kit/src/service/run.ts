import { ConfigurationError } from '../config/index.js';
import { Log, serializeError } from '../logging/index.js';
import type { Service } from './service.js';
import { startService } from './start.js';

/** The life of a service's process: start, serve, stop on a signal. */
export async function runService(describe: () => Service): Promise<void> {
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
