import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@bw/migrations/errors';
import { YAMLParseError } from 'yaml';
import { addLines, removeLines, takenWord } from './lines.js';
import { type Names, renderer } from './names.js';
import { addOverlay, removeOverlay, takenKey } from './overlay.js';
import { type Draft, templateOf } from './template.js';

/** What a service has in one of the files that speak of every service. */
export interface Entry {
  path: string;
  add(text: string): string;
  remove(text: string): string;
  /** A name of it that the file has already. */
  taken(text: string): string | undefined;
}

/** Where an entry goes in files that are not YAML: above the last line that begins so. */
const places: Record<string, string> = {
  'deploy/gateway/Caddyfile': '\thandle /health/live {',
  'migrations/init-schemas.sql': '\nCOMMIT;',
};

export function entriesOf(names: Names): Entry[] {
  const render = renderer(names);
  return templateOf('entries').map(({ path, text }) => {
    const above = places[path];
    return above === undefined ? yamlEntry(path, text, render) : linesEntry(path, text, render, above);
  });
}

/** The files as they are with every entry changed by `change`. */
export function edited(root: string, names: Names, change: 'add' | 'remove'): Draft[] {
  return entriesOf(names).map((entry) => ({
    path: entry.path,
    text: entry[change](readFileSync(join(root, entry.path), 'utf8')),
  }));
}

function yamlEntry(path: string, overlay: string, render: (text: string) => string): Entry {
  const its = { text: overlay, render };
  return {
    path,
    add: (text) => explain(path, () => addOverlay(text, its)),
    remove: (text) => explain(path, () => removeOverlay(text, its)),
    taken: (text) => explain(path, () => takenKey(text, its)),
  };
}

function explain<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    throw new UserError('BAD_YAML', `${path} is not valid YAML: ${cause.message}`, {
      hint: 'Correct it and try again. Nothing was changed.',
      cause,
    });
  }
}

function linesEntry(path: string, template: string, render: (text: string) => string, above: string): Entry {
  const lines = render(template);
  return {
    path,
    add: (text) => addLines(path, text, lines, above),
    remove: (text) => removeLines(path, text, lines),
    taken: (text) => takenWord(text, lines, template),
  };
}
