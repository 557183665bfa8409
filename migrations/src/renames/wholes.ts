import { UserError } from '../errors/index.js';
import type { Comparison, Found } from './comparison.js';
import { isJoin } from './joins.js';
import type { Mapped } from './mapping.js';
import { quoted, type WholeRename } from './rename.js';
import { type Enum, type Name, type Shape, sameName, type Table } from './shape.js';

export function findTables(comparison: Comparison): Found {
  const models = ({ tables }: Shape) => tables.filter((table) => !isJoin(table));
  const side = { before: models(comparison.before), after: models(comparison.after) };
  return find(comparison, { kind: 'table', mapped: 'model', ...side }, alikeTables);
}

export function findEnums(comparison: Comparison): Found {
  const { before, after } = comparison;
  return find(
    comparison,
    { kind: 'enum', mapped: 'enum', before: before.enums, after: after.enums },
    alikeEnums,
  );
}

interface Side<Whole extends Name> {
  kind: WholeRename['kind'];
  mapped: Mapped['kind'];
  before: Whole[];
  after: Whole[];
}

function find<Whole extends Name>(
  { earlier, current }: Comparison,
  { kind, mapped, before, after }: Side<Whole>,
  alike: (gone: Whole, fresh: Whole) => boolean,
): Found {
  const has = (names: Name[], name: Name) => names.some((each) => sameName(each, name));
  const certain = current.flatMap((now): WholeRename[] => {
    const was = earlier.find((each) => each.kind === mapped && each.name === now.name);
    if (now.kind !== mapped || !was || sameName(was.target, now.target) || !has(before, was.target))
      return [];
    return [{ kind, from: was.target, to: now.target }];
  });
  for (const { to } of certain) {
    const isGivenUp = certain.some(({ from }) => sameName(from, to));
    if (has(before, to) && !isGivenUp) throw taken(kind, to);
  }
  const gone = before.filter(
    (each) => !has(after, each) && !certain.some(({ from }) => sameName(from, each)),
  );
  const fresh = after.filter((each) => !has(before, each) && !certain.some(({ to }) => sameName(to, each)));
  const possible = gone.flatMap((from) =>
    fresh.map((to) => ({ rename: { kind, from: nameOf(from), to: nameOf(to) }, alike: alike(from, to) })),
  );
  return { certain, possible };
}

const taken = (kind: WholeRename['kind'], name: Name) =>
  new UserError('NAME_TAKEN', `A ${kind} is to become ${quoted(name)}, which exists already.`, {
    hint: `Drop or rename ${quoted(name)} first, in a migration of its own; then rename the other.`,
  });

/** At least half of the columns of either are in both, with one type. */
function alikeTables(gone: Table, fresh: Table): boolean {
  const common = [...gone.columns].filter(([column, type]) => fresh.columns.get(column) === type);
  return common.length * 2 >= Math.max(gone.columns.size, fresh.columns.size);
}

function alikeEnums(gone: Enum, fresh: Enum): boolean {
  const common = gone.values.filter((value) => fresh.values.includes(value));
  return common.length * 2 >= Math.max(gone.values.length, fresh.values.length);
}

const nameOf = ({ schema, name }: Name): Name => ({ schema, name });
