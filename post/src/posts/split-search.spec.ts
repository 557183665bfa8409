import { describe, expect, it } from '@jest/globals';
import { splitSearch } from './split-search.js';

describe('splitSearch', () => {
  it.each([
    ['harb', '', 'harb:*'],
    ['old harb', 'old ', 'harb:*'],
    ['größ', '', 'größ:*'],
    ['"old harb', '"old harb', ''],
    ['"old harbour"', '"old harbour"', ''],
    ['old -harb', 'old -harb', ''],
    ['boats or harb', 'boats or harb', ''],
    ['boats or', 'boats or', ''],
    ['a&b', 'a&b', ''],
  ])('takes %j as words %j and prefix %j', (text, words, prefix) => {
    expect(splitSearch(text)).toEqual({ words, prefix });
  });
});
