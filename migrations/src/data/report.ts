import { formatDuration } from '../deploy/settings.js';
import type { DataEvent } from './run.js';

/** What of a run is worth a line: everything but progress at once, that every second on a terminal, every ten in a log. */
export function pace(): (event: DataEvent) => boolean {
  const everyMs = process.stderr.isTTY ? 1000 : 10_000;
  let toldAt = Date.now();
  return ({ type }) => {
    if (type === 'progress' && Date.now() - toldAt < everyMs) return false;
    toldAt = Date.now();
    return true;
  };
}

export function describeDataEvent(event: DataEvent): string {
  switch (event.type) {
    case 'waiting':
      return `It is being run by pid ${event.pid} (${event.application}); waiting.`;
    case 'resumed':
      return `Continuing after ${event.done} rows.${event.edited ? ' The file was edited since: rows that are done stay as they are; --restart does them again.' : ''}`;
    case 'retry':
      return `${event.reason}; the batch was undone and is tried again.`;
    case 'progress': {
      const left = event.perSecond > 0 ? ((event.total - event.done) / event.perSecond) * 1000 : 0;
      return `${event.done} of about ${event.total} rows, ${Math.round(event.perSecond)} a second, about ${formatDuration(left)} left`;
    }
  }
}
