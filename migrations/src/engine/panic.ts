import { isNativeError } from 'node:util/types';
import { EnginePanic } from './errors.js';
import { panicMessage } from './wasm.js';

/** The engine's panic, where an error is one. WebAssembly itself says no more than "unreachable". */
export function asPanic(error: unknown): EnginePanic | undefined {
  const isTrap = isNativeError(error) && error.name === 'RuntimeError';
  const message = panicMessage() ?? (isTrap ? error.message : undefined);
  return message === undefined ? undefined : new EnginePanic(message);
}
