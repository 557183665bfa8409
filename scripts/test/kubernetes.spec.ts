import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { readBlocks } from '@bw/scripts/testing/documents';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

type Model = new (manifest: object) => { validate(): void };

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'deploy/kubernetes');
const services = findServices().map(({ name }) => name);
const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
  resources: string[];
};
const manifests = kustomization.resources.flatMap((file) =>
  manifestsIn(readFileSync(join(folder, file), 'utf8')),
);

function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

/** Checks against the schema of the API; throws with what is wrong. */
async function validate(manifest: Manifest): Promise<void> {
  const path = `kubernetes-models/${manifest.apiVersion}/${manifest.kind}`;
  const models = (await import(path)) as Record<string, Model>;
  const ModelOfKind = models[manifest.kind];
  if (!ModelOfKind) throw new Error(`${path} has no ${manifest.kind}`);
  new ModelOfKind(manifest).validate();
}

const named = (manifest: Manifest) => `${manifest.kind} ${manifest.metadata.name}`;

describe('deploy/kubernetes', () => {
  it.each(manifests.map((manifest) => [named(manifest), manifest] as const))(
    '%s is what the API expects',
    async (_name, manifest) => {
      await expect(validate(manifest)).resolves.toBeUndefined();
    },
  );

  it('would not pass with a mistake in it', async () => {
    const wrong = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      spec: { replicas: 'three' },
    };
    await expect(validate(wrong)).rejects.toThrow();
  });

  it('lists every file of the folder', () => {
    const files = readdirSync(folder).filter((file) => file !== 'kustomization.yaml');
    expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
  });

  it.each(services)('runs the service %s: instances, budget, migrations, rules', (name) => {
    const names = manifests.map(named);
    const wanted = ['Deployment', 'Service', 'PodDisruptionBudget'].map((kind) => `${kind} ${name}`);
    expect(names).toEqual(
      expect.arrayContaining([...wanted, `Job migrate-${name}`, `NetworkPolicy to-${name}`]),
    );
  });
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
// Jest counts what is skipped, but does not name it.
if (!hasKubectl) process.stderr.write('skipped: deploy/kubernetes with kubectl (there is none)\n');

(hasKubectl ? describe : describe.skip)('deploy/kubernetes with kubectl', () => {
  const render = () => execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });

  it('becomes what the API expects, in one namespace, with images of the registry', async () => {
    const rendered = manifestsIn(render());
    expect(rendered).toHaveLength(manifests.length);
    for (const manifest of rendered) {
      await validate(manifest);
      if (manifest.kind !== 'Namespace') expect(manifest.metadata.namespace).toBe('bw');
    }
    for (const name of services)
      expect(valuesOf(rendered, 'image')).toContain(`registry.example.com/bw-${name}-service:current`);
  });

  it('refers to nothing but what it brings and the commands of the guide make', () => {
    const made = [...manifests, ...madeByTheGuide()].map(named);
    const wanted = [
      ...valuesOf(manifests, 'configMapRef').map((reference) => `ConfigMap ${nameIn(reference)}`),
      ...valuesOf(manifests, 'configMap').map((reference) => `ConfigMap ${nameIn(reference)}`),
      ...valuesOf(manifests, 'secretName').map((name) => `Secret ${String(name)}`),
    ];
    expect(wanted).toContain('ConfigMap gateway');
    expect(made).toEqual(expect.arrayContaining(wanted));
  });
});

/** Types the guide's chapter into a shell whose kubectl makes things without a cluster. */
function madeByTheGuide(): Manifest[] {
  const blocks = readBlocks(join(root, 'DEPLOYMENT_GUIDE.md')).filter(
    ({ language, headings }) => language === 'bash' && headings.at(-1) === 'Several machines: Kubernetes',
  );
  const kubectl = `set -euo pipefail
    kubectl() {
      case " $* " in
        *' create '*) command kubectl "$@" --dry-run=client -o yaml && echo --- ;;
        *' apply -f - ') cat ;;
      esac
    }`;
  const cwd = mkdtempSync(join(tmpdir(), 'bw-kubernetes-'));
  try {
    symlinkSync(join(root, 'deploy'), join(cwd, 'deploy'));
    for (const name of services)
      for (const part of ['runtime', 'owner']) writeFileSync(join(cwd, `${name}-${part}.env`), 'KEY=value\n');
    // The guide names the two that are there from the beginning, and says that every service is meant.
    const commands = blocks.map(({ text }) => text.replace('in auth post;', `in ${services.join(' ')};`));
    const line = [kubectl, ...commands].join('\n');
    return manifestsIn(execFileSync('bash', ['-c', line], { cwd, encoding: 'utf8' }));
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** Everything that stands under a key, however deep. */
function valuesOf(node: unknown, key: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === key ? [value as unknown] : []),
    ...valuesOf(value, key),
  ]);
}

const nameIn = (reference: unknown) => (reference as { name: string }).name;
