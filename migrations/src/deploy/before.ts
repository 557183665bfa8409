import type { Alone } from './alone.js';
import { stateOfPartition } from './detach.js';
import { indexesAround, nameOf } from './indexes.js';
import type { Session } from './session.js';

/** What there is before a step, by which a later deploy can tell whether the step finished. */
export async function lookBefore(session: Session, alone: Alone): Promise<string[]> {
  switch (alone.kind) {
    case 'build-index':
    case 'reindex':
      return (await indexesAround(session, alone)).map(({ name }) => name);
    case 'detach':
      return (await stateOfPartition(session, alone)) ? [alone.partition ?? ''] : [];
    default:
      return [];
  }
}

/** Did the statement of an interrupted deploy finish, although nobody could write it down? */
export async function isAlreadyDone(session: Session, alone: Alone, before: string[]): Promise<boolean> {
  switch (alone.kind) {
    case 'build-index':
      return (await indexesAround(session, alone)).some(({ name, valid }) => valid && !before.includes(name));
    case 'drop-index':
      return (await nameOf(session, alone.index)) === undefined;
    case 'detach':
      return before.length > 0 && (await stateOfPartition(session, alone)) === undefined;
    default:
      return false;
  }
}
