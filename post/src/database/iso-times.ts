import { type CustomTypesConfig, types } from 'pg';

const { TIMESTAMPTZ } = types.builtins;

/**
 * For queries whose rows go out as JSON: times come as the text that a Date would become there. Making Dates of them
 * first would be a fifth of what a page costs.
 */
export const isoTimes: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === TIMESTAMPTZ ? toIso : types.getTypeParser(oid, format)),
};

/** `2026-01-02 03:04:05.6+00`, as PostgreSQL writes it in UTC, is rearranged; anything else is read as the time it is. */
export function toIso(text: string): string {
  if (text.length <= 26 && text.endsWith('+00') && text[10] === ' ') {
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0')}Z`;
  }
  const time: Date = types.getTypeParser(TIMESTAMPTZ)(text);
  return time.toISOString();
}
