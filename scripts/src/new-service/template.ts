import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Names, renderer } from './names.js';

export interface Draft {
  path: string;
  text: string;
  mode?: number;
}

const folder = join(import.meta.dirname, '../../template');

/** These files are the same in every service, so they are taken from one that is there. */
const model = 'auth';
const sameInEach = ['docker-entrypoint.sh', 'prisma.config.ts', 'prisma/migrations/migration_lock.toml'];

/** The files below scripts/template/files or entries, each at the path that it is for. */
export function templateOf(kind: 'files' | 'entries'): Draft[] {
  return readdirSync(join(folder, kind), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(join(folder, kind), file), text: readFileSync(file, 'utf8') }));
}

/** The files of a service that are its own. */
export function filesOf(root: string, names: Names): Draft[] {
  const render = renderer(names);
  const own = templateOf('files').map(({ path, text }) => ({ path: render(path), text: render(text) }));
  const manifest = `${names.service}/package.json`;
  return [
    ...own.map((draft) => (draft.path === manifest ? withVersions(root, draft) : draft)),
    ...sameInEach.map((file) => fromModel(root, file, names)),
  ];
}

/** What the template has for the names of a service, which may have just these. */
const standIns = /sample|widget/;

/** The folder of a service in which every service keeps the same, where that is what its feature would be called. */
export function sharedFolder({ plural }: Names): string | undefined {
  const folder = join('src', plural, '/');
  const isShared = templateOf('files').some(({ path }) => path.startsWith(join('sample', folder)));
  return isShared && !standIns.test(plural) ? folder : undefined;
}

/** The folders and files that are a service's own as a whole. */
export function ownPaths(names: Names): string[] {
  const render = renderer(names);
  const paths = templateOf('files').map(({ path }) => {
    const parts = path.split('/');
    const own = parts.findIndex((part) => standIns.test(part));
    return render(parts.slice(0, own + 1).join('/'));
  });
  return [...new Set(paths)];
}

function fromModel(root: string, file: string, { service }: Names): Draft {
  const from = join(root, model, file);
  return { path: join(service, file), text: readFileSync(from, 'utf8'), mode: statSync(from).mode };
}

/** `*` becomes the version that the other workspaces have. */
function withVersions(root: string, { path, text }: Draft): Draft {
  const known = versionsIn(root);
  const manifest: { dependencies: Record<string, string> } = JSON.parse(text);
  for (const [name, wanted] of Object.entries(manifest.dependencies))
    if (wanted === '*') manifest.dependencies[name] = known.get(name) ?? wanted;
  return { path, text: `${JSON.stringify(manifest, undefined, 2)}\n` };
}

function versionsIn(root: string): Map<string, string> {
  const manifests = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => join(root, entry.name, 'package.json'))
    .filter((file) => statSync(file, { throwIfNoEntry: false }));
  return new Map(
    manifests.flatMap((file) =>
      Object.entries<string>(JSON.parse(readFileSync(file, 'utf8')).dependencies ?? {}),
    ),
  );
}
