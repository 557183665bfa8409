import { describe, expect, it } from '@jest/globals';
import { formatDuration, parseDuration, parseSettings } from './settings.js';

describe('the settings of a deploy', () => {
  it('have defaults, which the environment overrides, which flags override', () => {
    expect(parseSettings({}, {})).toEqual({
      lockTimeoutMs: 200,
      lockTimeoutMaxMs: 3000,
      lockWaitMs: 600_000,
      statementTimeoutMs: 3_600_000,
      serverWaitMs: 60_000,
    });
    const env = { DB_LOCK_TIMEOUT: '1s', DB_LOCK_WAIT: '5m' };
    expect(parseSettings({ lockWaitMs: '20m' }, env)).toMatchObject({
      lockTimeoutMs: 1000,
      lockWaitMs: 1_200_000,
    });
  });

  it('are refused all together, naming where each came from', () => {
    expect(() =>
      parseSettings({ lockTimeoutMs: 'soon' }, { DB_STATEMENT_TIMEOUT: '0s', DB_LOCK_WAIT: '5' }),
    ).toThrow(
      'These are not durations above zero: --lock-timeout is "soon"; DB_LOCK_WAIT is "5"; DB_STATEMENT_TIMEOUT is "0s".',
    );
  });

  it.each([
    ['200ms', 200, '200 ms'],
    ['1.5s', 1500, '1.5 s'],
    ['2 m', 120_000, '2 min 0 s'],
    ['3h', 10_800_000, '3 h 0 min'],
  ])('read %s as it is written back', (text, ms, shown) => {
    expect(parseDuration(text)).toBe(ms);
    expect(formatDuration(ms)).toBe(shown);
  });
});
