import type { Rule } from '../rule.js';

export const timestampWithoutZone: Rule = {
  id: 'timestamp-without-zone',
  title: 'A moment that is stored without its time zone',
  level: 'advice',
  squawk: ['prefer-timestamp-tz'],
  *check({ squawk }) {
    for (const { line, column } of squawk) {
      yield {
        message:
          'A timestamp without a zone means another moment to every session in another zone; changing it later rewrites the table unless the session is in UTC.',
        help: 'Use timestamptz; in schema.prisma @db.Timestamptz(3).',
        at: { line, column },
      };
    }
  },
};
