import type { Rule } from '../rule.js';

export const varcharLimit: Rule = {
  id: 'varchar-limit',
  title: 'A text with a limit in its type',
  level: 'advice',
  squawk: ['prefer-text-field'],
  *check({ squawk, node, alterations }) {
    // Of a column that has a limit, another one is for type-change to judge.
    if (!('CreateStmt' in node) && !alterations.some((it) => it.command.subtype === 'AT_AddColumn')) return;
    for (const { line, column } of squawk) {
      yield {
        message:
          'A limit in the type can be raised for free but not lowered without a rewrite, and saves nothing.',
        help: 'Use text, with a check if the length matters: a check can be changed without a rewrite.',
        at: { line, column },
      };
    }
  },
};
