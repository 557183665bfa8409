import { describe, expect, it } from '@jest/globals';
import { checkName, labelsAfter, timestamps } from './name.js';

describe('checkName', () => {
  it.each([
    ['add_phone_number_to_users', 'add_phone_number_to_users'],
    ['Create posts table!', 'create_posts_table'],
    ['init', 'init'],
  ])('takes %s as %s', (given, name) => expect(checkName(given)).toBe(name));

  it.each(['update', 'fix', 'change', 'test', 'new migration', 'v2', 'update_3', '', '???'])(
    'refuses "%s"',
    (name) => {
      expect(() => checkName(name)).toThrow(`"${name}" does not say what the migration changes.`);
    },
  );
});

describe('labelsAfter', () => {
  it.each([
    ['add_star_count', ['alter_reviews', 'fill_star_count'], ['alter_reviews', 'fill']],
    ['add_star_count_to_reviews', ['alter_reviews', 'check_star_count'], ['alter', 'check']],
    ['add_stars', ['fill_star_count', 'fill_star'], ['fill_star_count', 'fill_star']],
    ['add_a_and_b', ['alter_t', 'fill_a', 'fill_b'], ['alter_t', 'fill_a', 'fill_b']],
    ['rename', ['rename', 'change'], ['rename', 'change']],
    ['add_stars', ['alter_posts'], []],
  ])('says after %s of %j only what is new', (name, labels, expected) => {
    expect(labelsAfter(name, labels)).toEqual(expected);
  });
});

describe('timestamps', () => {
  const now = new Date('2026-11-23T10:00:00.500Z');

  it('gives every migration a second of its own', () => {
    expect(timestamps(2, [], now)).toEqual(['20261123100000', '20261123100001']);
  });

  it('comes after what is there, even from a clock that runs ahead', () => {
    expect(timestamps(1, ['20261231235959_from_elsewhere', '0_init'], now)).toEqual(['20270101000000']);
  });
});
