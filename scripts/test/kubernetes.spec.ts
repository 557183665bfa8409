import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

type Model = new (manifest: object) => { validate(): void };

const folder = join(import.meta.dirname, '../../deploy/kubernetes');
const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
  resources: string[];
};
const manifests = kustomization.resources.flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((text) => text.toJS() as Manifest),
);

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

  it.each(findServices().map(({ name }) => name))(
    'runs the service %s: instances, budget, migrations, rules',
    (name) => {
      const names = manifests.map(named);
      const wanted = ['Deployment', 'Service', 'PodDisruptionBudget'].map((kind) => `${kind} ${name}`);
      expect(names).toEqual(
        expect.arrayContaining([...wanted, `Job migrate-${name}`, `NetworkPolicy to-${name}`]),
      );
    },
  );
});
