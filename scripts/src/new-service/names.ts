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

/** `comments` and `comment` both keep comments; what has no plural is called the same for one and for many. */
export function namesOf(service: string, rest: Pick<Names, 'httpPort' | 'grpcPort' | 'time'>): Names {
  const singular = singularize(service);
  return { service, singular, plural: pluralize(singular), ...rest };
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
