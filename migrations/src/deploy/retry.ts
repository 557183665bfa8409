import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { GaveUp } from './errors.js';
import type { Session } from './session.js';
import { formatDuration } from './settings.js';

// lock_not_available, deadlock_detected, serialization_failure: the transaction was undone and may simply be repeated.
const repeatable = new Set(['55P03', '40P01', '40001']);

const firstPauseMs = 250;
const maxPauseMs = 10_000;

/**
 * Attempts a transaction with a lock timeout that grows from try to try. Between tries it pauses, so that whoever
 * queued behind the waiting migration gets through.
 */
export async function retryForLocks<T>(
  session: Session,
  migration: string,
  attempt: (lockTimeoutMs: number) => Promise<T>,
  leftBehind: () => string | undefined = () => undefined,
): Promise<T> {
  const { lockTimeoutMs, lockTimeoutMaxMs, lockWaitMs } = session.settings;
  const deadline = Date.now() + lockWaitMs;
  for (let number = 1; ; number++) {
    const timeout = Math.min(lockTimeoutMs * 2 ** (number - 1), lockTimeoutMaxMs);
    try {
      return await attempt(timeout);
    } catch (error) {
      const reason = repeatableReason(error);
      if (reason === undefined) throw error;
      const pauseMs = Math.min(firstPauseMs * 2 ** (number - 1), maxPauseMs) * (0.75 + Math.random() / 2);
      if (Date.now() + pauseMs > deadline) throw giveUp(session, migration, reason, error, leftBehind());
      session.emit({
        type: 'retry',
        migration,
        reason,
        lockTimeoutMs: timeout,
        pauseMs,
        attempt: number,
      });
      await sleep(pauseMs, undefined, { signal: session.signal });
    }
  }
}

function repeatableReason(error: unknown): string | undefined {
  const { code, message } = (error instanceof Error && error.cause ? error.cause : error) as pg.DatabaseError;
  return repeatable.has(code ?? '') ? message : undefined;
}

function giveUp(
  { service, settings }: Session,
  migration: string,
  reason: string,
  cause: unknown,
  leftBehind = 'What it had begun was undone.',
): GaveUp {
  return new GaveUp(
    'LOCK_NOT_AVAILABLE',
    `Gave up on the migration ${migration} of ${service.name} after ${formatDuration(settings.lockWaitMs)}: ${reason}. ${leftBehind}`,
    {
      hint: 'End the sessions named above (SELECT pg_terminate_backend(PID)), or deploy when there is less traffic, or raise --lock-wait.',
      cause,
    },
  );
}
