// Copies what compiled code reads of the installed packages, and nothing else: file by file, as they are imported.
// Of a service it is what its bundle leaves outside, which takes no reading of the bundle.
// usage, in the repository's root: node deploy/image/packages.mjs OUT FILE_OR_FOLDER_OR_SERVICE…

import { cp, glob, mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';
import { packagesBeside } from '../../scripts/build/bundle.mjs';
import { isService } from '../../scripts/build/workspaces.mjs';

// Imported, but by what has no use in production: `prisma dev`, Studio of MySQL, `yarn db create` and `diagram`, a Node
// that reads no TypeScript, a configuration on another machine; and the second form of what is there as CommonJS already.
const unused = [
  '@electric-sql/**',
  '@launchql/**',
  '@libpg-query/**',
  '@prisma/dev/dist/runtime-assets/**',
  '@prisma/dev/dist/*.js',
  '@prisma/query-plan-executor/**',
  '@prisma/streams-local/**',
  '@swc/**',
  'elkjs/**',
  'giget/**',
  'mysql2/**',
  'remeda/dist/*.js',
  'valibot/dist/index.mjs',
];

// Read by a path that is put together at run time, which no import tells.
const opened = [
  '@prisma/schema-engine-wasm/*.wasm',
  'libpg-query/wasm/*.wasm',
  'swagger-ui-dist/{package.json,swagger-ui.css,swagger-ui-bundle.js}',
];

// Prisma brings its reader of schemas twice, in the CLI and as a package.
const twins = {
  '@prisma/prisma-schema-wasm/src/prisma_schema_build_bg.wasm': 'prisma/build/prisma_schema_build_bg.wasm',
};

const root = process.cwd();
const require = createRequire(join(root, 'package.json'));
const inPackages = (pattern) => `node_modules/${pattern}`;
const [out, ...entries] = process.argv.slice(2);

const files = (await Promise.all(entries.map(filesOf))).flat();
const { fileList } = await nodeFileTrace(files, {
  base: root,
  ignore: unused.map(inPackages),
  // Files beside the code that only a pattern finds are named above.
  analysis: { emitGlobs: false },
});
const kept = [...fileList].filter((file) => file.includes('node_modules/'));
const alsoOpened = await Array.fromAsync(glob(opened.map(inPackages)));
// The workspaces' own names, for scripts, and what Yarn knows of the packages.
const links = await Array.fromAsync(glob(inPackages('@bw/*')));
for (const file of [...kept, ...alsoOpened, ...links, inPackages('.yarn-state.yml')]) await copy(file);

async function filesOf(entry) {
  if (isService(entry)) return (await packagesBeside(entry)).map((name) => require.resolve(name));
  if ((await stat(entry)).isFile()) return [entry];
  return Array.fromAsync(glob(`${entry}/**/*.js`));
}

async function copy(file) {
  const target = join(out, file);
  await mkdir(dirname(target), { recursive: true });
  const twin = await twinOf(file);
  if (!twin) return cp(file, target, { verbatimSymlinks: true, force: true });
  await rm(target, { force: true });
  await symlink(relative(dirname(file), twin), target);
}

async function twinOf(file) {
  const twin = twins[relative('node_modules', file)];
  if (!twin) return undefined;
  const [one, other] = await Promise.all([file, inPackages(twin)].map((path) => readFile(path)));
  return one.equals(other) ? inPackages(twin) : undefined;
}
