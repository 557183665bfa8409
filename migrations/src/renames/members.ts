import { UserError } from '../errors/index.js';
import type { Candidate, Comparison, Found } from './comparison.js';
import { counterpart, type Mapped } from './mapping.js';
import { type PartRename, quoted, type Rename } from './rename.js';
import { type Name, sameName } from './shape.js';

export function findColumns({ before, after, earlier, current }: Comparison, settled: Rename[]): Found {
  const found = after.tables.map((table): Found => {
    const old = before.tables.find((each) => sameName(each, nameBefore(settled, table)));
    if (!old) return nothing;
    const model = current.find((each) => each.kind === 'model' && sameName(each.target, table));
    const types = new Map([...old.columns].map(([column, type]) => [column, typeAfter(settled, type)]));
    const part: Part = { kind: 'column', of: nameOf(table), before: types, after: table.columns };
    return find(part, model, counterpart(earlier, model, old));
  });
  return { certain: found.flatMap((each) => each.certain), possible: found.flatMap((each) => each.possible) };
}

export function findValues({ before, after, earlier, current }: Comparison, settled: Rename[]): Found {
  const found = after.enums.map((one): Found => {
    const old = before.enums.find((each) => sameName(each, nameBefore(settled, one)));
    if (!old) return nothing;
    const model = current.find((each) => each.kind === 'enum' && sameName(each.target, one));
    const part: Part = {
      kind: 'value',
      of: nameOf(one),
      before: untyped(old.values),
      after: untyped(one.values),
    };
    return find(part, model, counterpart(earlier, model, old));
  });
  return { certain: found.flatMap((each) => each.certain), possible: found.flatMap((each) => each.possible) };
}

interface Part {
  kind: PartRename['kind'];
  of: Name;
  /** Types by name. */
  before: Map<string, string>;
  after: Map<string, string>;
}

const nothing: Found = { certain: [], possible: [] };

function find(part: Part, now: Mapped | undefined, was: Mapped | undefined): Found {
  const remapped = now && was ? remappedMembers(part, now, was) : [];
  const isFrom = (name: string, renames: PartRename[]) => renames.some(({ from }) => from === name);
  const isTo = (name: string, renames: PartRename[]) => renames.some(({ to }) => to === name);
  const candidates = [...part.before.keys()]
    .filter((name) => !part.after.has(name) && !isFrom(name, remapped))
    .flatMap((from) =>
      [...part.after.keys()]
        .filter((name) => !part.before.has(name) && !isTo(name, remapped))
        .map((to) => ({ from, to, alike: part.before.get(from) === part.after.get(to) })),
    )
    .map(({ alike, ...names }) => ({ rename: { kind: part.kind, of: part.of, ...names }, alike }));
  const named = candidates
    .filter(({ rename, alike }) => alike && saysOldName(now, rename))
    .map((each) => each.rename);
  const certain = [...remapped, ...named];
  const possible: Candidate[] = candidates.filter(
    ({ rename }) => !isFrom(rename.from, named) && !isTo(rename.to, named),
  );
  for (const { to } of certain) if (part.before.has(to) && !isFrom(to, certain)) throw taken(part, to);
  return { certain, possible };
}

/** The same field (or enum value) of the same model (or enum), under another name in the database. */
function remappedMembers({ kind, of, before, after }: Part, now: Mapped, was: Mapped): PartRename[] {
  return [...now.members].flatMap(([member, to]) => {
    const from = was.members.get(member);
    const isRenamed = from !== undefined && from !== to && before.has(from) && after.has(to);
    return isRenamed ? [{ kind, of, from, to }] : [];
  });
}

/** A field `phoneNumber` that is now mapped to `phone`, where the column that is gone was `phone_number`. */
function saysOldName(now: Mapped | undefined, { kind, from, to }: PartRename): boolean {
  if (kind !== 'column') return false;
  const field = [...(now?.members ?? [])].find(([, column]) => column === to)?.[0];
  return field !== undefined && field !== to && (field === from || snakeCase(field) === from);
}

const taken = ({ kind, of }: Part, name: string) =>
  new UserError(
    'NAME_TAKEN',
    `The ${kind} "${name}" of ${quoted(of)} exists already, so nothing can be renamed to it.`,
    {
      hint: `Drop or rename "${name}" first, in a migration of its own; then rename the other.`,
    },
  );

function nameBefore(settled: Rename[], name: Name): Name {
  const rename = settled.find((each) => !('of' in each) && sameName(each.to, name));
  return rename && !('of' in rename) ? rename.from : name;
}

function typeAfter(settled: Rename[], type: string): string {
  const array = type.endsWith('[]') ? '[]' : '';
  const rename = settled.find(
    (each) => each.kind === 'enum' && `${each.from.schema}.${each.from.name}${array}` === type,
  );
  return rename?.kind === 'enum' ? `${rename.to.schema}.${rename.to.name}${array}` : type;
}

const untyped = (values: string[]) => new Map(values.map((value) => [value, '']));
const nameOf = ({ schema, name }: Name): Name => ({ schema, name });
const snakeCase = (name: string) =>
  name.replace(/[A-Z]+/g, (part, at) => (at > 0 ? '_' : '') + part.toLowerCase());
