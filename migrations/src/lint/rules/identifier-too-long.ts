import type { Rule } from '../rule.js';

export const identifierTooLong: Rule = {
  id: 'identifier-too-long',
  title: 'A name of more than 63 bytes',
  level: 'error',
  squawk: ['identifier-too-long'],
  *check({ squawk }) {
    for (const { line, column } of squawk) {
      yield {
        message:
          'PostgreSQL cuts a name at 63 bytes without an error: it may meet another name, and is never found by its full one.',
        help: 'Shorten it; in schema.prisma with map: "…".',
        at: { line, column },
      };
    }
  },
};
