import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readManifest, root, workspacesBehind } from './workspaces.mjs';

/** Packages with machine code, which is found through node_modules. */
const native = ['@node-rs/argon2'];

/** Whether nothing that a bundle is made of changed since: the workspaces behind it, compiled, and the packages. */
export async function isBundled(name) {
  const bundled = await modified(join(root, name, 'bundle/main.js'));
  if (bundled === 0) return false;
  const folders = [...(await workspacesBehind(name))].map((workspace) => join(root, workspace, 'dist'));
  const files = (await Promise.all(folders.map(filesIn))).flat();
  const inputs = [join(root, 'node_modules/.yarn-state.yml'), ...files];
  const times = await Promise.all(inputs.map(modified));
  return times.every((time) => time <= bundled);
}

/** What is not in the bundle of a service. */
export async function packagesBeside(name) {
  const manifests = await Promise.all([...(await workspacesBehind(name))].map(readManifest));
  return native.filter((name) => manifests.some(({ dependencies = {} }) => name in dependencies));
}

export const removeBundle = (name) => rm(join(root, name, 'bundle'), { recursive: true, force: true });

/** Writes bundle/ of a service: the programs of its dist/ with every package inside, in few files. */
export async function bundle(name) {
  const target = join(root, name, 'bundle');
  const draft = `${target}.${randomUUID()}.draft`;
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: await findPrograms(name),
    platform: 'node',
    external: native,
    plugins: [literalRequires, compilerAsFile, mapsToSources, ownMapsOnly, asciiOnly],
    onLog: ignoreOptionalPackages,
  });
  try {
    await build.write({
      dir: draft,
      format: 'esm',
      sourcemap: true,
      sourcemapExcludeSources: true,
      comments: false,
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      // Decorators need reflect-metadata before anything else.
      strictExecutionOrder: true,
      chunkFileNames: '[name]-[hash].js',
    });
    await rm(target, { recursive: true, force: true });
    await rename(draft, target);
  } finally {
    await build.close();
    await rm(draft, { recursive: true, force: true });
  }
}

const modified = async (file) => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** What is started or imported from outside: main.js, commands/ and the files that package.json exports. */
async function findPrograms(name) {
  const commands = join(root, name, 'dist/commands');
  const { exports = {} } = await readManifest(name);
  const files = [
    './dist/main.js',
    ...Object.values(exports).map((entry) => entry.default),
    ...(existsSync(commands) ? await readdir(commands) : [])
      .filter((file) => file.endsWith('.js'))
      .map((file) => `./dist/commands/${file}`),
  ];
  return Object.fromEntries(
    files.map((file) => [relative('dist', file).replace(/\.js$/, ''), join(root, name, file)]),
  );
}

/**
 * Nest loads its transports, and class-validator for PartialType and its like, in a way that only Node understands. Left
 * to Node, the second would be another copy than the bundle's, or missing, and what is inherited would validate nothing.
 */
const literalRequires = {
  name: 'literal-requires',
  transform: {
    filter: { id: /[\\/]@nestjs[\\/]/, code: 'createRequire(import.meta.url)' },
    handler: (code) => ({
      code: code
        .replaceAll('createRequire(import.meta.url)(', 'require(')
        .replace('const require = createRequire(import.meta.url);', ''),
      map: null,
    }),
  },
};

/**
 * Prisma's query compiler: as text in a module it would be a third larger, and stay in memory with the module. Prisma
 * gives it to Buffer.from, which asks an object for its value.
 */
const compilerAsFile = {
  name: 'compiler-as-file',
  load: {
    filter: { id: /\.wasm-base64\.m?js$/ },
    async handler(id) {
      const { wasm } = await import(id);
      const source = Buffer.from(wasm, 'base64');
      const file = this.emitFile({ type: 'asset', name: 'query_compiler.wasm', source });
      return {
        code: `import { readFileSync } from 'node:fs';
          export const wasm = { valueOf: () => readFileSync(new URL(import.meta.ROLLUP_FILE_URL_${file})) };`,
        moduleSideEffects: false,
      };
    },
  },
};

/** So that a stack names the TypeScript and not what it was compiled to. */
const mapsToSources = {
  name: 'maps-to-sources',
  load: {
    filter: { id: { include: /[\\/]dist[\\/].*\.js$/, exclude: /[\\/]node_modules[\\/]/ } },
    handler: async (id) => ({ code: await readFile(id, 'utf8'), map: await readFile(`${id}.map`, 'utf8') }),
  },
};

/** Reading the maps of all packages would take a service 40 MB and 100 ms. */
const ownMapsOnly = {
  name: 'own-maps-only',
  transform: {
    filter: { id: /[\\/]node_modules[\\/]/ },
    handler: (code) => ({ code, map: { mappings: '' } }),
  },
};

/** V8 keeps the text of every module, and in two bytes a character where a single one needs them. */
const asciiOnly = {
  name: 'ascii-only',
  generateBundle(_options, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk') file.code = file.code.replace(/[\u0080-\uffff]/g, escapeUnit);
  },
};

const escapeUnit = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Nest and others ask for packages that need not be installed; Node says so if one is used. */
function ignoreOptionalPackages(level, log, report) {
  if (log.code !== 'UNRESOLVED_IMPORT') report(level, log);
}
