import { UserError } from '../errors/index.js';
import type { Comparison } from './comparison.js';
import { exchange, isJoin } from './joins.js';
import { counterpart, type Mapped } from './mapping.js';
import { nowCalled, type PartRename, type Rename } from './rename.js';
import { sameName } from './shape.js';

/**
 * In a relation of many to many of a model to itself, A belongs to the field that comes first in the alphabet. Where a
 * renamed field changes the order, what was one's followers would become those whom one follows.
 */
export function findMirrored({ before, earlier, current }: Comparison, settled: Rename[]): PartRename[] {
  return before.tables.filter(isJoin).flatMap((join) => {
    const [a, b] = [...join.references.values()].map(({ table }) => table);
    if (!a || !b || !sameName(a, b)) return [];
    const now = current.find(
      ({ kind, target }) => kind === 'model' && sameName(target, nowCalled(settled, a)),
    );
    const of = nowCalled(settled, { schema: join.schema, name: join.name });
    const fields = { before: listsOf(counterpart(earlier, now, a), join.name), after: listsOf(now, of.name) };
    return isMirrored(fields, now?.name) ? exchange(of) : [];
  });
}

const listsOf = (model: Mapped | undefined, join: string): string[] => model?.lists.get(join.slice(1)) ?? [];

function isMirrored({ before, after }: { before: string[]; after: string[] }, model = ''): boolean {
  if (before.length !== 2 || after.length !== 2) return false;
  const kept = before.filter((field) => after.includes(field));
  const [field] = kept;
  if (field === undefined) throw unclear(model, before, after);
  return kept.length === 1 && before.indexOf(field) !== after.indexOf(field);
}

const unclear = (model: string, before: string[], after: string[]) =>
  new UserError(
    'UNCLEAR_RELATION',
    `${model} had the fields ${before.join(' and ')} and has ${after.join(' and ')} instead: nothing tells which became which.`,
    {
      hint: `Leave one of them as it was, run this command and ./sync-schemas.sh; then rename it as well.`,
    },
  );
