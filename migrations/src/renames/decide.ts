import { AnswerNeeded, UserError } from '../errors/index.js';
import type { Candidate, Decide } from './comparison.js';
import { keyOf, type Rename } from './rename.js';

export interface Told {
  /** `users.phone_number=phone`, as given to `--rename`. */
  renames: string[];
  /** Whatever is not told apart is dropped and made new. */
  declineOthers: boolean;
  /** Asks a person; absent where nobody can be asked. Answers one of the candidates, or that it was none. */
  ask?: ((gone: string, candidates: Rename[]) => Promise<Rename | undefined>) | undefined;
}

/** Decides by what was told, then by asking; where nobody can be asked, says which flags would have answered. */
export function decideBy({ renames, declineOthers, ask }: Told): Decide {
  return async (candidates) => {
    const told = candidates.filter(({ rename }) => renames.includes(keyOf(rename)));
    const chosen = told.map(({ rename }) => rename);
    if (declineOthers) return chosen;
    const open = () =>
      candidates.filter((each) => each.alike && !isUsed(chosen, each)).map(({ rename }) => rename);
    if (!ask && open().length > 0) throw unanswered(open());
    for (const gone of new Set(open().map(goneOf))) {
      const choices = open().filter((rename) => goneOf(rename) === gone);
      const answer = choices.length > 0 ? await ask?.(gone, choices) : undefined;
      if (answer) chosen.push(answer);
    }
    return chosen;
  };
}

/** Every `--rename` must have meant something: a mistyped one would otherwise drop the data it was to keep. */
export function assertAllUsed(told: string[], settled: Rename[]): void {
  const used = settled.map(keyOf);
  const unused = told.filter((key) => !used.includes(key));
  if (unused.length === 0) return;
  throw new UserError('UNKNOWN_RENAME', `Nothing fits --rename ${unused.join(' or --rename ')}.`, {
    hint: used.length > 0 ? `What is renamed: ${used.join(', ')}.` : howToWrite,
  });
}

export const howToWrite =
  'Write it as TABLE.OLD=NEW for a column, OLD=NEW for a table, with the names in the database. If a migration renames it already, leave the flag out.';

function unanswered(candidates: Rename[]): AnswerNeeded {
  const keys = candidates.map(keyOf);
  return new AnswerNeeded(
    'RENAME_OR_DROP',
    `Renamed, or dropped with its data and made new? ${candidates.map(describe).join('; ')}.`,
    { hint: `Add --rename ${keys[0]} to keep the data, or --no-renames if nothing was renamed.` },
  );
}

const describe = (rename: Rename) => `${goneOf(rename)} is gone and ${freshOf(rename)} is new`;

export const goneOf = (rename: Rename) => keyOf(rename).split('=')[0] ?? '';
const freshOf = (rename: Rename) => ('of' in rename ? rename.to : (keyOf(rename).split('=')[1] ?? ''));

/** Of two candidates for one name, old or new, at most one is right. */
const isUsed = (chosen: Rename[], { rename }: Candidate) =>
  chosen.some(
    (each) =>
      goneOf(each) === goneOf(rename) ||
      ('of' in each && 'of' in rename
        ? each.to === rename.to && each.of.name === rename.of.name
        : !('of' in each) && !('of' in rename) && freshOf(each) === freshOf(rename)),
  );
