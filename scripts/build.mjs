// Makes the TypeScript runnable: generates the Prisma clients that are out of date, compiles every workspace's src/ to
// dist/ with SWC (types are checked by `yarn typecheck`) and bundles the services. Plain JavaScript, because nothing is
// compiled before it has run.
// usage: node scripts/build.mjs [--no-bundle] [WORKSPACE…]

import { bundle, isBundled, removeBundle } from './build/bundle.mjs';
import { compile } from './build/compile.mjs';
import { generateClient } from './build/generate.mjs';
import { alone } from './build/lock.mjs';
import { findWorkspaces, isService } from './build/workspaces.mjs';

const args = process.argv.slice(2);
const named = args.filter((arg) => arg !== '--no-bundle');
const all = await findWorkspaces();
const names = named.length > 0 ? named : all;

/** The watcher of the development environment reads which workspaces changed. */
async function build(name) {
  if ((await compile(name)) > 0) console.log(`${name} built`);
}

/** A service runs from its bundle where there is one, so there is none rather than an old one. */
async function bringBundleUpToDate(name) {
  if (await isBundled(name)) return;
  if (names.includes(name) && !args.includes('--no-bundle')) await bundle(name);
  else await removeBundle(name);
}

async function buildAll() {
  // The Prisma CLI needs the schema engine, so what is not a service comes first.
  await Promise.all(names.filter((name) => !isService(name)).map(build));
  await Promise.all(
    names.filter(isService).map(async (name) => {
      await generateClient(name);
      await build(name);
    }),
  );
  for (const name of all.filter(isService)) await bringBundleUpToDate(name);
}

try {
  await alone(buildAll);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
