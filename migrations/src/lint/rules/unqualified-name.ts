import { writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const unqualifiedName: Rule = {
  id: 'unqualified-name',
  title: 'A name without its schema',
  level: 'error',
  *check({ names, service }) {
    const [first] = names.filter(({ schema }) => schema === undefined);
    if (!first) return;
    const name = writeName({ schema: service?.schema ?? 'SCHEMA', name: first.name });
    yield {
      message: `Which ${writeIdentifier(first.name)} is meant depends on the search_path of the session; with several schemas it can be another service's.`,
      help: `Write ${name}.`,
    };
  },
};
