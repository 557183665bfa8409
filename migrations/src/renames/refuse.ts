import { UserError } from '../errors/index.js';
import type { Comparison } from './comparison.js';
import { howToWrite } from './decide.js';
import { settleRenames } from './find.js';
import { keyOf, type Rename } from './rename.js';
import type { Shape } from './shape.js';

/** Refuses a `--rename` that can mean nothing before anything is asked: the question would hide that it was ignored. */
export async function assertAllPossible(told: string[], comparison: Comparison): Promise<void> {
  const possible: Rename[] = [];
  const settled = await settleRenames(comparison, async (candidates) => {
    const renames = candidates.map(({ rename }) => rename);
    possible.push(...renames);
    return renames.filter((rename) => told.includes(keyOf(rename)));
  });
  const used = settled.map(keyOf);
  const [unused] = told.filter((key) => !used.includes(key) && !waitsForTable(key, possible));
  if (unused !== undefined) throw fitsNothing(unused, possible, comparison);
}

/** What is in a table or enum is compared only once it is settled which one that was before. */
const waitsForTable = (key: string, possible: Rename[]) =>
  possible.some((rename) => !('of' in rename) && key.startsWith(`${rename.to.name}.`));

function fitsNothing(key: string, possible: Rename[], { before, after }: Comparison): UserError {
  const [old = '', fresh = ''] = key.split('=');
  const target = [...old.split('.').slice(0, -1), fresh].join('.');
  const isGone = has(before, old) && !has(after, old);
  const missing = isGone
    ? `there is no new ${target} in the schema`
    : `there is no ${old} that is gone from the schema`;
  const keys = possible.map(keyOf);
  const near = keys.filter((each) => each.startsWith(`${old}=`) || each.endsWith(`=${fresh}`));
  const candidates = near.length > 0 ? near : keys;
  return new UserError('UNKNOWN_RENAME', `Nothing fits --rename ${key}: ${missing}.`, {
    hint: candidates.length > 0 ? `What fits: ${candidates.join(', ')}.` : howToWrite,
  });
}

/** Whether a table or enum, or what is in one, is called so. */
const has = ({ tables, enums }: Shape, name: string): boolean =>
  tables.some((table) => isIn(table.name, [...table.columns.keys()], name)) ||
  enums.some((one) => isIn(one.name, one.values, name));

const isIn = (whole: string, parts: string[], name: string) =>
  whole === name || parts.some((part) => `${whole}.${part}` === name);
