import { freePort } from '@bw/scripts/processes';
import { describe } from '@jest/globals';
import { Checkout } from '../../src/containers/checkout.js';
import { obstacleToContainers } from '../../src/containers/obstacle.js';

/** A group of tests that needs a container engine with nothing of this project running in it. */
export function describeWithEngine(
  name: string,
  tests: () => void,
  obstacle: string | undefined = obstacleToContainers(),
): void {
  if (!obstacle) {
    describe(name, tests);
    return;
  }
  if (process.env.REQUIRE_CONTAINERS === '1') throw new Error(`${name}: ${obstacle}`);
  // Jest counts what is skipped, but does not name it.
  process.stderr.write(`skipped: ${name} (${obstacle})\n`);
  describe.skip(name, tests);
}

/** A copy of the repository, and where its gateway will answer. */
export async function productionCheckout(
  more: Record<string, string> = {},
): Promise<{ checkout: Checkout; base: string }> {
  const port = await freePort();
  return {
    checkout: new Checkout({ GATEWAY_PORT: String(port), ...more }),
    base: `http://127.0.0.1:${port}`,
  };
}
