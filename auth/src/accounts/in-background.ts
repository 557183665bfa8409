import type { Log } from '@bw/service-kit/logging';

/** Work that the answer must not wait for, because its time would tell what nobody should know. */
export function inBackground(log: Log, work: () => Promise<void>): void {
  work().catch((error: unknown) => log.error({ err: error }, 'background work failed'));
}
