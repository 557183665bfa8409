import { describe, expect, it } from '@jest/globals';
import { toIso } from './iso-times.js';

describe('a time from PostgreSQL as text', () => {
  it.each([
    ['2026-01-02 03:04:05+00', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05.1+00', '2026-01-02T03:04:05.100Z'],
    ['2026-01-02 03:04:05.123+00', '2026-01-02T03:04:05.123Z'],
    // A server whose time zone is another.
    ['2026-01-02 03:04:05.12+02', '2026-01-02T01:04:05.120Z'],
    ['2026-01-02 03:04:05-03:30', '2026-01-02T06:34:05.000Z'],
    ['12026-01-02 03:04:05+00', '+012026-01-02T03:04:05.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(toIso(text)).toBe(iso);
  });
});
