import { UserError } from '@bw/migrations/errors';

/** Adds lines to a text above the line that begins with `above`. */
export function addLines(file: string, text: string, lines: string, above: string): string {
  const at = text.lastIndexOf(`\n${above}`) + 1;
  if (at > 0) return text.slice(0, at) + lines + text.slice(at);
  throw new UserError('NO_PLACE', `${file} has no line that begins with "${above.trim()}".`, {
    hint: 'A service is added above it; put it back.',
  });
}

export function removeLines(file: string, text: string, lines: string): string {
  if (text.includes(lines)) return text.replace(lines, () => '');
  const [first = ''] = lines.trimStart().split('\n');
  if (!text.includes(first.trim())) return text;
  throw new UserError('EDITED', `${file} has other lines about the service than were added to it.`, {
    hint: 'Take them out by hand and try again.',
  });
}

/** The first word of the lines that a text has already, not counting those that any service has. */
export function takenWord(text: string, lines: string, anyService: string): string | undefined {
  const common = new Set(words(anyService));
  const present = new Set(words(text));
  return words(lines).find((word) => !common.has(word) && present.has(word));
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
