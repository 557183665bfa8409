import type { DatabaseObject } from './objects.js';

export interface Difference {
  owner: string;
  /** `[-] Removed trigger `t``: what the database would have to do, in Prisma's own style. */
  text: string;
  /** What has to run before the tables change, and what after. */
  before?: string | undefined;
  after?: string | undefined;
}

/** What would lead from what the database has to what its history makes. */
export function compareObjects(found: DatabaseObject[], expected: DatabaseObject[]): Difference[] {
  const existing = new Map(found.map((each) => [keyOf(each), each]));
  const wanted = new Map(expected.map((each) => [keyOf(each), each]));
  const stray = found.filter((each) => !wanted.has(keyOf(each)));
  const lacking = expected.filter((each) => !existing.has(keyOf(each)));
  return [
    // What was made last may rest on what was made before it.
    ...stray.filter(isObject).toReversed().map(remove),
    ...lacking.filter(isObject).map(add),
    ...changesOf(found, expected).flatMap(({ from, to }) =>
      isObject(to) ? [change(from, to)] : repair(from, to),
    ),
  ];
}

/** What is on both sides and not the same. */
export function changesOf(found: DatabaseObject[], expected: DatabaseObject[]) {
  const existing = new Map(found.map((each) => [keyOf(each), each]));
  return expected.flatMap((to) => {
    const from = existing.get(keyOf(to));
    return from && from.definition !== to.definition ? [{ from, to }] : [];
  });
}

const keyOf = ({ kind, owner, name }: DatabaseObject): string => JSON.stringify([kind, owner, name]);

export const isSameObject = (a: DatabaseObject, b: DatabaseObject): boolean => keyOf(a) === keyOf(b);

/** Whether the object a state belongs to is there at all, is another difference. */
const isObject = ({ kind }: DatabaseObject): boolean => kind !== 'state';

const remove = (object: DatabaseObject): Difference => ({
  owner: object.owner,
  text: `[-] Removed ${titleOf(object)}`,
  before: object.unmake,
});

const add = (object: DatabaseObject): Difference => ({
  owner: object.owner,
  text: `[+] Added ${titleOf(object)}`,
  after: makingOf(object),
});

const change = (from: DatabaseObject, to: DatabaseObject): Difference => ({
  owner: to.owner,
  text: `[*] Changed ${titleOf(to)}`,
  before: from.unmake,
  after: makingOf(to),
});

/** What is better than its history asks for is left alone. */
function repair(from: DatabaseObject, { owner, name, make }: DatabaseObject): Difference[] {
  return from.definition === 'true' ? [] : [{ owner, text: `[*] Made \`${name}\` valid`, after: make }];
}

const titleOf = ({ kind, name }: DatabaseObject): string => (name ? `${kind} \`${name}\`` : kind);

const makingOf = (object: DatabaseObject): string =>
  object.make?.trimEnd() ??
  `-- PostgreSQL does not tell how the ${titleOf(object)} is made: take that from its migration.`;

/** The differences as Prisma lists those of tables. */
export function describe(differences: Difference[]): string {
  const owners = [...new Set(differences.map(({ owner }) => owner))];
  const groups = owners.map((owner) => {
    const texts = differences.filter((each) => each.owner === owner).map(({ text }) => text);
    return owner ? [`[*] Changed the ${owner}`, ...texts.map((text) => `  ${text}`)] : texts;
  });
  return groups.map((lines) => lines.join('\n')).join('\n\n');
}

/** The statements, each with its semicolon. */
export const scriptOf = (statements: (string | undefined)[]): string =>
  statements
    .filter((each) => each !== undefined)
    .map((each) => (each.startsWith('--') ? `${each}\n` : `${each};\n`))
    .join('');
