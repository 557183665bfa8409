import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@bw/migrations/errors';
import { paint, say, seconds } from '../terminal/index.js';
import { type Layout, logOf } from './layout.js';
import { tail } from './logs.js';
import { isOutdated, pidFileOf } from './service-process.js';
import type { DevService, DevSettings } from './settings.js';

/** How long a service may take on a slow machine before we say that it hangs. */
const patience = 60_000;

/** How long a service may seem to have ended on its own: one that is being restarted after an edit does for a moment. */
const restart = 1_000;

export async function isReady({ httpPort }: DevService): Promise<boolean> {
  const url = `http://127.0.0.1:${httpPort}/health/ready`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}

export async function waitUntilReady(
  layout: Layout,
  settings: DevSettings,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(settings.services.map((service) => waitForOne(layout, service, signal)));
}

async function waitForOne(layout: Layout, service: DevService, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const pidFile = pidFileOf(layout, service);
  let missingSince: number | undefined;
  for (;;) {
    // The supervisor is about to restart it then.
    const isOld = isOutdated(layout, service);
    if (!isOld && (await isReady(service))) break;
    signal.throwIfAborted();
    missingSince = !isOld && pidFile.isStale() ? (missingSince ?? performance.now()) : undefined;
    if (missingSince !== undefined && performance.now() - missingSince > restart)
      throw await failure(layout, service, 'ended while starting');
    if (performance.now() - began > patience)
      throw await failure(layout, service, 'is not ready after a minute');
    await sleep(50);
  }
  say(
    `${paint('green', '✓')} ${service.name} is ready on http://127.0.0.1:${service.httpPort} (${seconds(began)})`,
  );
}

async function failure(layout: Layout, service: DevService, what: string): Promise<UserError> {
  const log = logOf(layout, service.name);
  return new UserError(
    'SERVICE_NOT_READY',
    `The service ${service.name} ${what}. The end of its log:\n${await tail(log)}`,
    {
      hint: `Mend it and run ./dev.sh again. The whole log is ${log}`,
    },
  );
}
