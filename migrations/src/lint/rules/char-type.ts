import type { Rule } from '../rule.js';

export const charType: Rule = {
  id: 'char-type',
  title: 'A type that pads its values with blanks',
  level: 'advice',
  squawk: ['ban-char-field'],
  *check({ squawk }) {
    for (const { line, column } of squawk) {
      yield {
        message:
          'char(n) pads every value with blanks, which count in some comparisons and not in others; it saves nothing.',
        help: 'Use text, with a check if the length matters; in schema.prisma String without @db.Char.',
        at: { line, column },
      };
    }
  },
};
