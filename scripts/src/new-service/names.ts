import { pluralize, singularize } from 'inflection';

/** What a new service and its one feature are called, and where it listens. */
export interface Names {
  service: string;
  singular: string;
  plural: string;
  httpPort: number;
  grpcPort: number;
  /** When its first migration is made, as migrations are named. */
  time: string;
}

/** One and many, where the rules of `inflection` go wrong. */
const irregular = [
  ['analytics', 'analytics'],
  ['atlas', 'atlases'],
  ['bias', 'biases'],
  ['cache', 'caches'],
  ['census', 'censuses'],
  ['cookie', 'cookies'],
  ['gas', 'gases'],
  ['hero', 'heroes'],
  ['lens', 'lenses'],
  ['pie', 'pies'],
  ['shoe', 'shoes'],
  ['tie', 'ties'],
] as const;

/** `comments` and `comment` both keep comments; what has no plural is called the same for one and for many. */
export function namesOf(service: string, rest: Pick<Names, 'httpPort' | 'grpcPort' | 'time'>): Names {
  const [singular, plural] =
    irregular.find((pair) => pair.some((word) => word === service)) ?? formsOf(service);
  return { service, singular, plural, ...rest };
}

/** Of `sms` and `gps` nothing is left that could be a word: there the s belongs to it. */
function formsOf(word: string): [singular: string, plural: string] {
  const shorter = singularize(word);
  const singular = shorter.length > 2 && /[aeiouy]/.test(shorter) ? shorter : word;
  return [singular, pluralize(singular)];
}

/** Puts the names where the template has its own, which are words and numbers that occur nowhere else. */
export function renderer({ service, singular, plural, httpPort, grpcPort, time }: Names) {
  const values: Record<string, string> = {
    sample: service,
    Sample: capitalized(service),
    SAMPLE: service.toUpperCase(),
    widgets: plural,
    Widgets: capitalized(plural),
    widget: singular,
    Widget: capitalized(singular),
    '9199': String(httpPort),
    '50199': String(grpcPort),
    '00000000000000': time,
  };
  const longestFirst = Object.keys(values).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.join('|'), 'g');
  return (text: string): string => text.replaceAll(pattern, (word) => values[word] ?? word);
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
