import { describeDataEvent, pace } from '../data/report.js';
import type { DeployEvent, Emit, Peer } from './events.js';
import { formatDuration } from './settings.js';

/** Prints a deploy for people, one line an event. */
export function reportTo(write: (line: string) => void): Emit {
  const isDue = pace();
  return (event) => {
    if (event.type === 'data' && !isDue(event.event)) return;
    write(`${event.service}: ${describeEvent(event)}`);
  };
}

export function describeEvent(event: DeployEvent): string {
  switch (event.type) {
    case 'server-starting':
      return `PostgreSQL is not ready yet (${event.reason}); waiting.`;
    case 'unknown-migrations':
      return `the database is newer than this checkout, which does not know ${event.names.join(', ')}.`;
    case 'waiting':
      return `another deploy is at work: ${event.holders.map(describeHolder).join('; ') || 'just ending'}; waiting${since(event.waitedMs)}.`;
    case 'waited':
      return `waited for ${formatDuration(event.waitedMs)}.`;
    case 'found':
      return describeFound(event);
    case 'applying':
      return `applying ${event.migration} (${event.number} of ${event.of})`;
    case 'running':
      return `line ${event.line} runs since ${formatDuration(event.ms)}: ${event.statement}`;
    case 'blocked':
      return `line ${event.line} waits for ${event.blockers.map(describePeer).join('; ')}: ${event.statement}`;
    case 'retry':
      return `${event.reason}; tried for ${formatDuration(event.lockTimeoutMs)}, undone, again in ${formatDuration(event.pauseMs)} (try ${event.attempt}).`;
    case 'invalid-index':
      return `${event.index} is INVALID, left by a build that did not finish: dropped, will be built again.`;
    case 'already-done':
      return `was already done when the earlier deploy was cut off: ${event.statement}`;
    case 'applied':
      return `applied ${event.migration} in ${formatDuration(event.ms)}`;
    case 'changing-data':
      return `running the data migration ${event.dataMigration}, which the migration requires`;
    case 'data':
      return `${event.dataMigration}: ${describeDataEvent(event.event)}`;
    case 'changed-data':
      return `data migration ${event.dataMigration} complete, ${event.rows} rows changed`;
    case 'finished':
      return event.applied === 0
        ? 'up to date.'
        : `${event.applied} applied in ${formatDuration(event.ms)}, up to date.`;
  }
}

function describeFound(event: Extract<DeployEvent, { type: 'found' }>): string {
  const began = `${event.migration} was begun at ${event.startedAt.toISOString()} by ${event.by}`;
  const outcome = event.state === 'failed' ? 'failed' : 'was cut off';
  const left =
    event.done === 0
      ? 'nothing of it was committed: beginning again'
      : `${event.done} of its ${event.steps} steps were committed: continuing with the next`;
  return `${began} and ${outcome}; ${left}.`;
}

const describeHolder = (peer: Peer): string => describe(peer, 'connected');
const describePeer = (peer: Peer): string => {
  const query = peer.query ? `, last query: ${peer.query.replace(/\s+/g, ' ')}` : '';
  return `${describe(peer, peer.state ?? 'busy')}${query}`;
};

function describe({ pid, user, application, client, since: from }: Peer, what: string): string {
  const parts = [
    user && `user ${user}`,
    application && `application "${application}"`,
    client && `from ${client}`,
    from && `${what} for ${formatDuration(Date.now() - from.getTime())}`,
  ].filter(Boolean);
  return parts.length > 0 ? `pid ${pid} (${parts.join(', ')})` : `pid ${pid}`;
}

const since = (ms: number): string => (ms > 1000 ? ` for ${formatDuration(ms)} now` : '');
