import { explainQuery } from '../connection/index.js';
import { type Migration, readMigrations } from '../history/index.js';
import { releaseLock, takeLock } from './lock.js';
import { requireOwnConnection } from './pooler.js';
import type { Step } from './script.js';
import type { Session } from './session.js';
import { prepareHistory, readState, type State } from './state.js';

export interface Survey {
  session: Session;
  state: State;
}

/** What one service's database lacks. One query, no lock: where nothing is pending, this is all a deploy does. */
export function survey(session: Session): Promise<Survey> {
  return explaining(session, async () => {
    const migrations = await readMigrations(session.service.migrationsFolder);
    const state = await readState(session, migrations);
    if (state.unknown.length > 0) session.emit({ type: 'unknown-migrations', names: state.unknown });
    return { session, state };
  });
}

/**
 * Makes the service ours until `releaseLock` and looks again: others may have been at work. Whoever has to wait has loaded
 * nothing yet that only applying needs, and leaves the lock alone once the others have done everything.
 */
export function claim({ session, state }: Survey): Promise<Survey> {
  return explaining(session, async () => {
    const { migrations } = state;
    let current = state;
    const isBehind = async () => {
      current = await readState(session, migrations);
      return current.pending.length > 0;
    };
    session.backendPid = await requireOwnConnection(session.client, {
      ...session,
      waitMs: session.settings.serverWaitMs,
    });
    const isOurs = await takeLock(session, isBehind);
    if (isOurs && (await isBehind())) await prepareHistory(session);
    else if (isOurs) await releaseLock(session);
    return { session, state: current };
  });
}

/** Applies what a claimed service lacks, up to and including one migration, the last of which ends the claim. */
export function applyPending({ session, state }: Survey, through: string): Promise<string[]> {
  const pending = state.pending.filter(({ name }) => name <= through);
  state.pending = state.pending.slice(pending.length);
  return explaining(session, async () => {
    const applied = await applyAll(session, state, pending);
    if (state.pending.length === 0) await releaseLock(session);
    return applied;
  });
}

async function applyAll(session: Session, state: State, pending: Migration[]): Promise<string[]> {
  // The SQL parser is loaded only where something is pending.
  const [{ applyMigration }, { readSteps }] = await Promise.all([
    import('./apply.js'),
    import('./script.js'),
  ]);
  let parsing: Promise<Step[]> | undefined;
  for (const [at, migration] of pending.entries()) {
    const began = Date.now();
    session.emit({ type: 'applying', migration: migration.name, number: at + 1, of: pending.length });
    const steps = await (parsing ?? readSteps(migration));
    if (dataMigration.test(migration.sql)) {
      const { requireData } = await import('./data.js');
      await requireData(session, migration);
    }
    const unfinished = state.unfinished.filter(({ migration: of }) => of === migration).map(({ row }) => row);
    const applying = applyMigration(session, migration, steps, unfinished);
    // The next script is parsed while the server works on this one. What is wrong with it is told when its turn comes.
    const next = pending[at + 1];
    parsing = next && readSteps(next);
    parsing?.catch(() => undefined);
    await applying;
    session.emit({ type: 'applied', migration: migration.name, ms: Date.now() - began });
  }
  return pending.map(({ name }) => name);
}

// A cheap look first: the part that knows about data migrations is loaded only for scripts that may need one.
const dataMigration = /requires data migration/i;

async function explaining<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainQuery(error, session.url);
  }
}
