import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as Glue from '@prisma/schema-engine-wasm/schema_engine_bg';

const glueFile = '@prisma/schema-engine-wasm/schema_engine_bg';
const require = createRequire(import.meta.url);

declare global {
  var PRISMA_WASM_PANIC_REGISTRY: { set_message(message: string): void } | undefined;
  // Node's own types leave this to the DOM's, which do not belong here.
  namespace WebAssembly {
    function compile(bytes: Uint8Array): Promise<object>;
    function instantiate(module: object, imports: object): Promise<{ exports: Record<string, unknown> }>;
  }
}

let loading: Promise<typeof Glue> | undefined;
let panic: string | undefined;

/** The engine's WebAssembly module, loaded once per process. Node 20 cannot import a `.wasm` file itself. */
export function loadWasm(): Promise<typeof Glue> {
  loading ??= instantiate();
  return loading;
}

/** The message of a panic of the engine, if there was one. Nothing may be asked of it afterwards. */
export const panicMessage = () => panic;

async function instantiate(): Promise<typeof Glue> {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      panic = message;
    },
  };
  const binary = require.resolve(glueFile).replace(/\.js$/, '.wasm');
  const [glue, module] = await Promise.all([
    import('@prisma/schema-engine-wasm/schema_engine_bg'),
    readFile(binary).then((bytes) => WebAssembly.compile(bytes)),
  ]);
  const instance = await WebAssembly.instantiate(module, {
    './schema_engine_bg.js': { ...glue, ...timers(glue) },
  });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return glue;
}

/** The engine never takes back the timer of its lock; the process must not live on for it. */
function timers(glue: object): Record<string, unknown> {
  const name = Object.keys(glue).find((key) => key.startsWith('__wbg_setTimeout_'));
  if (!name) throw new Error('This version of the schema engine sets its timers in another way.');
  return { [name]: (callback: () => void, delay: number) => setTimeout(callback, delay).unref() };
}
