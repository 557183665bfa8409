import { confirm, input, select } from '@inquirer/prompts';
import { UserError } from '../errors/index.js';
import type { Rename } from '../renames/index.js';
import { checkName } from './name.js';
import type { Asker } from './questions.js';

// Questions are talk: what the command answers stays alone on stdout.
const context = { output: process.stderr };

/** Asks on the terminal. */
export const asker: Asker = {
  name: () =>
    input(
      {
        message: 'What does the migration do? (such as add_phone_number_to_users)',
        validate: (text) => reasonAgainst(() => checkName(text)) ?? true,
      },
      context,
    ),
  rename: (gone, candidates) =>
    select<Rename | undefined>(
      {
        message: `${gone} is gone. What became of it?`,
        choices: [
          ...candidates.map((rename) => ({ name: `It was renamed to ${newName(rename)}`, value: rename })),
          { name: 'It was dropped, with its data', value: undefined },
        ],
      },
      context,
    ),
  fill: async (why) => {
    const answer = await select<'sql' | 'data-migration' | 'none'>(
      {
        message: `${why} What do the rows that exist get?`,
        choices: [
          { name: 'A value, as SQL', value: 'sql' },
          { name: 'What a data migration computes, which you then fill in', value: 'data-migration' },
          { name: 'Nothing: the table has no rows anywhere', value: 'none' },
        ],
      },
      context,
    );
    if (answer === 'data-migration') return answer;
    if (answer === 'none') return { sql: '' };
    return {
      sql: await input({ message: `SQL, such as 'unknown' or another column:`, required: true }, context),
    };
  },
  loseData: (losses) =>
    confirm({ message: `This throws away ${losses.join(', and ')}. Go on?`, default: false }, context),
};

const newName = (rename: Rename): string =>
  'of' in rename ? rename.to : `${rename.to.schema}.${rename.to.name}`;

function reasonAgainst(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
}
