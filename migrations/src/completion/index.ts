import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type OptionHandler, RootCommand, script } from '@bomb.sh/tab';
import describe from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { findServices } from '../services/index.js';

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** Prints what makes a shell ask `suggest` for the words that may follow `yarn`. */
export function printScript(shell: Shell): void {
  script(shell, 'yarn', `${join(import.meta.dirname, '../../bin/db')} suggest`);
}

/** Prints what may follow the words after `yarn`, the last of which may be incomplete. */
export function suggest(program: Command, words: string[]): void {
  const [first = '', ...rest] = words;
  if (first === 'db' && rest.length > 0) commandsOf(program).parse(rest);
  else scripts().parse(words);
}

function commandsOf(program: Command): RootCommand {
  const root = describe(program);
  root.commands.delete('complete');
  for (const command of root.commands.values()) {
    const option = command.options.get('service');
    if (option) option.handler = offerServices;
  }
  return root;
}

const offerServices: OptionHandler = (complete) => {
  for (const { name } of findServices()) complete(name, '');
};

/** The scripts of the nearest package.json, which are what Yarn runs. */
function scripts(): RootCommand {
  const root = new RootCommand();
  root.command('db', 'Migrations of every service');
  for (const [name, line] of Object.entries(nearestScripts(process.cwd()))) root.command(name, line);
  return root;
}

function nearestScripts(folder: string): Record<string, string> {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).scripts ?? {};
  return folder === dirname(folder) ? {} : nearestScripts(dirname(folder));
}
