import type { Rule } from '../rule.js';

/** Reported where exceptions are read (`suppressions.ts`); here it has its name and its page. */
export const suppression: Rule = {
  id: 'suppression',
  title: 'An exception from a rule that is malformed, unknown or not needed',
  level: 'error',
};
