import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { UserError } from '@bw/migrations/errors';
import { entriesOf } from './entries.js';
import { isIgnored, isLeftOver } from './left-over.js';
import { capitalized, type Names } from './names.js';
import { ownPaths, sharedFolder } from './template.js';

/** Words with a meaning of their own where the name of a service would stand beside them. */
const reserved = new Set(['admin', 'app', 'caller', 'pg', 'postgres', 'public', 'template0', 'template1']);

/** What JavaScript itself declares, without what Node and browsers add. */
const builtIns = new Set<string>(runInNewContext('Object.getOwnPropertyNames(globalThis)'));

/** Refuses what cannot name a service, whatever there is already. */
export function checkWord(name: string): void {
  if (name.startsWith('pg_')) throw refusal(name, 'PostgreSQL keeps names that begin with pg_ for itself.');
  if (!isOneWord(name))
    throw refusal(
      name,
      'It names a folder, a database schema, a host and environment variables.',
      `Take one word of at most 40 lower-case letters and digits, a letter first${example(name)}.`,
    );
  if (reserved.has(name)) throw refusal(name, 'It means something else already.');
}

/** Refuses what is taken: by a folder, a feature, a file, a route, or an entry of a file of all services. */
export function checkFree(root: string, names: Names): void {
  const { service, singular, plural } = names;
  if (isLeftOver(root, service))
    throw refusal(
      service,
      `There is ${service}/ already, with nothing in it but what Git ignores.`,
      `If it is what is left of a service that is gone, yarn remove:service ${service} clears it away.`,
    );
  if (existsSync(join(root, service))) throw refusal(service, `There is ${service}/ already.`);
  if (isIgnored(root, service)) throw refusal(service, 'Git ignores folders of that name (.gitignore).');
  if (builtIns.has(capitalized(singular)))
    throw refusal(service, `JavaScript has a type ${capitalized(singular)} already.`);
  const shared = sharedFolder(names);
  if (shared) throw refusal(service, `Every service keeps something else in ${shared}.`);
  if (existsSync(join(root, `contracts/src/${plural}.ts`)))
    throw refusal(service, `Another service keeps ${plural}: contracts/src/${plural}.ts.`);
  for (const { path, taken } of entriesOf(names)) {
    const name = taken(readFileSync(join(root, path), 'utf8'));
    if (name) throw refusal(service, `${path} has ${name} already.`);
  }
  const file = ownPaths(names).find((path) => existsSync(join(root, path)));
  if (file) throw refusal(service, `${file}, which it would write, is there already.`);
}

export const isOneWord = (name: string): boolean => /^[a-z][a-z0-9]{0,39}$/.test(name);

/** What the name would be without what no name can have. */
function example(name: string): string {
  const word = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return isOneWord(word) && !reserved.has(word) ? `: ${word}` : '';
}

const refusal = (name: string, reason: string, hint = 'Take another name.'): UserError =>
  new UserError('BAD_SERVICE_NAME', `"${name}" cannot name a service. ${reason}`, { hint });
