import { UserError } from '../errors/index.js';

/** The name that is meant, which may be given without its date; undefined where there is none. */
export function fullName(names: string[], given: string): string | undefined {
  if (names.includes(given)) return given;
  const found = calledSo(names, given);
  if (found.length > 1) throw ambiguous(given, found);
  return found[0];
}

/** Refuses what cannot name a new data migration. */
export function assertFree(names: string[], name: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new UserError('BAD_NAME', `"${name}" cannot name a data migration.`, {
      hint: 'Lower-case letters, digits and underscores, and say what it changes: populate_full_name.',
    });
  const [taken] = calledSo(names, name);
  if (taken)
    throw new UserError('NAME_TAKEN', `There is a data migration "${name}" already: ${taken}.`, {
      hint: 'Take another name: whoever gives this one without its date would mean either.',
    });
}

const calledSo = (names: string[], short: string): string[] =>
  names.filter((name) => name.replace(/^\d+_/, '') === short);

const ambiguous = (given: string, found: string[]): UserError =>
  new UserError('AMBIGUOUS_NAME', `"${given}" can mean several data migrations: ${found.join(', ')}.`, {
    hint: 'Give the full name, with its date.',
  });
