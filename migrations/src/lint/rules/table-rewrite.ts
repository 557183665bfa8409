import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

const words: Record<string, string> = {
  AT_SetAccessMethod: 'SET ACCESS METHOD',
  AT_SetLogged: 'SET LOGGED',
  AT_SetTableSpace: 'SET TABLESPACE',
  AT_SetUnLogged: 'SET UNLOGGED',
};

export const tableRewrite: Rule = {
  id: 'table-rewrite',
  title: 'A table that is written anew or moved while reads and writes wait',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, ...Object.keys(words))) {
      yield {
        message: `${words[command.subtype ?? '']} ${takes('ACCESS EXCLUSIVE', table)} while the whole table and its indexes are written anew.`,
        help: instead(
          'Create a new table that is so from the start and move the rows in batches, or do it when nobody uses the table and say when:',
          '-- lint: allow table-rewrite because REASON',
        ),
      };
    }
  },
};
