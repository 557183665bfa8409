import { checkName } from '../../create/name.js';
import { timestampsFor } from '../../create/timestamps.js';
import type { UserError } from '../../errors/index.js';
import { EngineError } from '../errors.js';
import { nameMissing } from '../methods/create-migration.js';
import { type Input, type Method, methods } from '../methods/index.js';
import { type Answer, answerFor } from './answer.js';

/** Writes the migration that `yarn db create` would write, and refuses where that asks something or writes several. */
export const createMigration: Method<'createMigration'> = async (context, input) => {
  const answer = await answerFor(context, input);
  if (!answer) return methods.createMigration(context, input);
  const { drafts, question, service } = answer;
  const form = { connectorType: 'postgresql', extension: 'sql' } as const;
  if (drafts.length === 0 && !question && !input.draft) {
    return { ...form, generatedMigrationName: '', migrationScript: null };
  }
  if (input.migrationName === '') throw nameMissing();
  const name = checkName(input.migrationName);
  if (question) throw unanswerable(question, ownCommand(name, input));
  if (drafts.length > 1) throw several(answer, ownCommand(name, input));
  const [time] = timestampsFor(service, 1);
  return { ...form, generatedMigrationName: `${time}_${name}`, migrationScript: scriptOf(answer) };
};

/** A draft without a change is for the author to fill in. */
function scriptOf({ drafts: [only], losses }: Answer): string {
  if (!only) return '-- Write here what the migration is to do.\n';
  const warnings = losses.map((loss) => `-- This throws away ${loss.replaceAll('\n', ' ')}.\n`);
  return `${warnings.join('')}${only.sql}`;
}

const ownCommand = (name: string, { draft }: Input<'createMigration'>) =>
  `yarn prisma:migrate:local --name ${name}${draft ? ' --create-only' : ''}`;

const unanswerable = ({ code, message, hint }: UserError, command: string) =>
  new EngineError(code, `${message}\nNothing was written.`, {
    hint: `Prisma's own command has no way to answer. This one asks on a terminal, and takes flags:\n  ${command}\n${hint}`,
  });

const several = ({ drafts }: Answer, command: string) =>
  new EngineError(
    'SEVERAL_MIGRATIONS',
    `So that nobody has to wait for it, this change is made in ${drafts.length} migrations, and Prisma's own command writes one:\n${drafts
      .map(({ label }) => `  • ${label}`)
      .join('\n')}\nNothing was written.`,
    { hint: `This command writes and applies them:\n  ${command}` },
  );
