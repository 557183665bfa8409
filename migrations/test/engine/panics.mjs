// Loaded into a process before everything else: as soon as the process listens to what nobody catches, it asks the
// schema engine for what that is known to break down at.
import { withEngine } from '@bw/migrations/engine';

const waiting = setInterval(() => {
  if (process.listenerCount('uncaughtException') === 0) return;
  clearInterval(waiting);
  // The call never ends: this stays until somebody has dealt with the panic.
  setInterval(() => undefined, 1000);
  void withEngine({}, (engine) => engine.diff({ schema: [] }, { empty: true }));
}, 1);
