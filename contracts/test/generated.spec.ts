import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const workspace = resolve(import.meta.dirname, '..');
const binaries = resolve(workspace, '../node_modules/.bin');

function buf(...args: string[]) {
  const PATH = [binaries, process.env.PATH].join(delimiter);
  return promisify(execFile)(join(binaries, 'buf'), args, { cwd: workspace, env: { ...process.env, PATH } });
}

async function readTree(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return Object.fromEntries(files.map((file, i) => [file.slice(folder.length), texts[i]]));
}

describe('generated contracts', () => {
  let fresh: string;
  beforeAll(async () => {
    fresh = await mkdtemp(join(tmpdir(), 'contracts-'));
    await buf('generate', '--output', fresh);
  });
  afterAll(() => rm(fresh, { recursive: true, force: true }));

  it('are what the .proto files generate (else: yarn workspace @bw/contracts generate)', async () => {
    expect(await readTree(join(fresh, 'src/generated'))).toEqual(
      await readTree(join(workspace, 'src/generated')),
    );
  });

  it('come from .proto files that follow the lint rules', async () => {
    await expect(buf('lint')).resolves.toMatchObject({ stdout: '' });
  });
});
