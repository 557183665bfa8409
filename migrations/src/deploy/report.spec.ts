import { expect, it } from '@jest/globals';
import { describeEvent, reportTo } from './report.js';

const about = { service: 'auth', migration: '1_table' };

it('says what was found of an earlier deploy', () => {
  const found = { ...about, type: 'found', by: 'pid 7 on web-1', startedAt: new Date(0), steps: 3 } as const;
  expect(describeEvent({ ...found, state: 'running', done: 0 })).toBe(
    '1_table was begun at 1970-01-01T00:00:00.000Z by pid 7 on web-1 and was cut off; nothing of it was committed: beginning again.',
  );
  expect(describeEvent({ ...found, state: 'failed', done: 2 })).toBe(
    '1_table was begun at 1970-01-01T00:00:00.000Z by pid 7 on web-1 and failed; 2 of its 3 steps were committed: continuing with the next.',
  );
});

it('names whom it waits for, as far as the server tells', () => {
  const hidden = {
    pid: 9,
    user: null,
    application: null,
    client: null,
    since: null,
    state: null,
    query: null,
  };
  const shown = {
    ...hidden,
    user: 'auth_app',
    application: 'web',
    client: '10.0.0.7',
    state: 'idle in transaction',
  };
  const event = { ...about, type: 'blocked', statement: 'DROP TABLE a', line: 3, waitedMs: 100 } as const;
  expect(describeEvent({ ...event, blockers: [hidden, { ...shown, query: 'SELECT\n 1' }] })).toBe(
    'line 3 waits for pid 9; pid 9 (user auth_app, application "web", from 10.0.0.7), last query: SELECT 1: DROP TABLE a',
  );
});

it('writes one line an event, with the service before it', () => {
  const lines: string[] = [];
  reportTo((line) => lines.push(line))({ service: 'auth', type: 'finished', applied: 2, ms: 1500 });
  expect(lines).toEqual(['auth: 2 applied in 1.5 s, up to date.']);
});
