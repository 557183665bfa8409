import { destroy } from '../connection/index.js';
import type { Peer } from './events.js';
import type { Statement } from './script.js';
import type { Session } from './session.js';

const lookEveryMs = 500;
const repeatEveryMs = 10_000;
const silenceMs = 15_000;

/**
 * Does the work and, while it takes longer than a moment, says which sessions hold up the current statement. The second
 * connection also notices a network that went silent, which the waiting first one would not for many minutes.
 */
export async function watching<T>(
  session: Session,
  migration: string,
  current: () => Statement,
  lockTimeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const began = Date.now();
  let told = '';
  let toldAt = began;
  const report = (blockers: Peer[]) => {
    const pids = blockers.map(({ pid }) => pid).join();
    if (pids === told && Date.now() - toldAt < repeatEveryMs) return;
    [told, toldAt] = [pids, Date.now()];
    const ms = Date.now() - began;
    const about = { migration, statement: headline(current()), line: current().line };
    if (blockers.length > 0) session.emit({ ...about, type: 'blocked', blockers, waitedMs: ms });
    else if (ms > repeatEveryMs) session.emit({ ...about, type: 'running', ms });
  };
  const stop = repeatedly(Math.min(lookEveryMs, lockTimeoutMs / 2), async () => report(await look(session)));
  try {
    return await work();
  } finally {
    stop();
  }
}

export const headline = ({ text }: Statement): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
};

function repeatedly(ms: number, look: () => Promise<void>): () => void {
  let timer = setTimeout(async function again() {
    await look();
    if (!stopped) timer = setTimeout(again, lookEveryMs);
  }, ms);
  let stopped = false;
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/**
 * No answer in time means the network is gone; the statement's own connection is then given up. An observer that could
 * not connect says nothing about that one: the server may have no second connection to give.
 */
async function look({ client, backendPid, observer }: Session): Promise<Peer[]> {
  const silence = observer.hasAnswered ? setTimeout(() => destroy(client), silenceMs) : undefined;
  try {
    return await observer.blockersOf(backendPid);
  } catch {
    return [];
  } finally {
    clearTimeout(silence);
  }
}
