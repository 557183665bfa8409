import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '@bw/migrations/errors';

/** Reads a command's flags; its --help is answered by the shell script, which works before anything is installed. */
export function readFlags<Config extends ParseArgsConfig>(command: string, config: Config) {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new UserError('BAD_FLAG', (cause as Error).message, { hint: `See ${command} --help.`, cause });
  }
}

/** The one word a command is about. */
export function readName(command: string, words: string[]): string {
  const [name, ...others] = words;
  if (name && others.length === 0) return name;
  throw new UserError('NO_NAME', `Say which service, in one word: ${command} comments`);
}
