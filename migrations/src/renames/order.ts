/** One thing that is renamed among others, no two of which may have one name. */
export interface Step {
  /** Whatever has to differ in name from it is in the same. */
  space: string;
  from: string;
  to: string;
  statement(from: string, to: string): string;
}

/** A name that another step has yet to give up is waited for; a circle is opened through a name nobody has. */
export function inOrder(steps: Step[]): string[] {
  const statements: string[] = [];
  let waiting = steps;
  while (waiting.length > 0) {
    const free = waiting.filter((each) => !waiting.some((other) => other !== each && gives(other, each)));
    const [first] = waiting;
    if (free.length === 0 && first) {
      const aside = asideOf(first.from);
      statements.push(first.statement(first.from, aside));
      waiting = waiting.map((each) => (each === first ? { ...each, from: aside } : each));
    }
    statements.push(...free.map(({ statement, from, to }) => statement(from, to)));
    waiting = waiting.filter((each) => !free.includes(each));
  }
  return statements;
}

/** Whether one of the steps needs a name that another has yet to give up. */
export const isEntangled = (steps: Step[]): boolean =>
  steps.some((each) => steps.some((other) => other !== each && gives(other, each)));

const gives = (other: Step, wanted: Step) => other.space === wanted.space && other.from === wanted.to;

// PostgreSQL cuts a name to 63 bytes, and what it cuts off here is what makes the name differ.
const asideOf = (name: string) => `${name.slice(0, 50)}__renaming`;
