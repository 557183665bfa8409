// Loaded before a program (`node --import`), whose packages it loads and which it then holds back until its parent says
// "go"; it ends when its parent does. See standby.ts.

import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';

const end = () => process.exit();
process.once('disconnect', end);
const released = new Promise((release) => process.once('message', release));

/** The modules of packages that a program's own modules import. Dynamic imports are left to when they are needed. */
function findPackageModules(program: string): Set<string> {
  const own = new Set([program]);
  const packages = new Set<string>();
  for (const module of own) {
    for (const url of importsOf(module)) {
      if (url.includes('/node_modules/')) packages.add(url);
      else if (url.startsWith('file:')) own.add(url);
    }
  }
  return packages;
}

function importsOf(module: string): string[] {
  const [imports] = parse(readFileSync(fileURLToPath(module), 'utf8'));
  return imports.flatMap(({ n: specifier, d: dynamic }) =>
    specifier && dynamic === -1 ? [resolve(specifier, module)] : [],
  );
}

/** Every package is found from here as well, because all workspaces share one node_modules. */
const resolve = (specifier: string, module: string): string =>
  specifier.startsWith('.') ? new URL(specifier, module).href : import.meta.resolve(specifier);

try {
  await init;
  const program = pathToFileURL(process.argv[1] ?? '').href;
  for (const url of findPackageModules(program)) await import(url);
} catch {
  // What is wrong with a module is for the program to say, which loads it again.
}
process.send?.('loaded');
await released;
process.off('disconnect', end);
process.disconnect();
