import type { Alone } from './alone.js';
import type { Attempt } from './attempt.js';
import { stateOfPartition } from './detach.js';
import { indexesAround, nameOf } from './indexes.js';
import type { Session } from './session.js';

/** What an earlier attempt saw before the step that is next. */
export interface Noted {
  names: string[];
  /** The step has the text it had then. */
  isSame: boolean;
}

export function notedBefore({ mark: { before }, stepsDone }: Attempt, digest: string): Noted | undefined {
  if (before?.step !== stepsDone) return undefined;
  return { names: before.indexes, isSame: before.digest === digest };
}

/** What there is before a step, by which a later deploy can tell whether the step finished. */
export async function lookBefore(session: Session, alone: Alone, noted?: Noted): Promise<string[]> {
  switch (alone.kind) {
    case 'build-index':
    case 'reindex': {
      const named = alone.kind === 'build-index' ? await nameOf(session, alone.index) : undefined;
      // An INVALID one that was not there earlier is what a broken-off build left, of this text or of an older one.
      const isOurs = (name: string) => name === named || (noted && !noted.names.includes(name));
      const indexes = await indexesAround(session, alone);
      return indexes.filter(({ name, valid }) => valid || !isOurs(name)).map(({ name }) => name);
    }
    case 'drop-index':
    case 'detach': {
      const present = await toTakeAway(session, alone);
      return present ? [present] : noted?.isSame ? noted.names : [];
    }
    default:
      return [];
  }
}

/** Did the statement of an interrupted deploy finish, although nobody could write it down? */
export async function isAlreadyDone(session: Session, alone: Alone, before: string[]): Promise<boolean> {
  switch (alone.kind) {
    case 'build-index': {
      const named = await nameOf(session, alone.index);
      const isIt = (name: string) => !before.includes(name) && (!alone.index || name === named);
      return (await indexesAround(session, alone)).some(({ name, valid }) => valid && isIt(name));
    }
    case 'drop-index':
    case 'detach':
      return before.length > 0 && (await toTakeAway(session, alone)) === undefined;
    default:
      return false;
  }
}

/** The index or the partition that a statement takes away, while it is there. */
async function toTakeAway(session: Session, alone: Alone): Promise<string | undefined> {
  if (alone.kind === 'drop-index') return nameOf(session, alone.index);
  return (await stateOfPartition(session, alone)) && alone.partition;
}
