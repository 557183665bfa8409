import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadDataMigration, newDataMigration, runDataMigration } from '../../src/data/index.js';
import { createSandbox, type Sandbox } from '../deploy/sandbox.js';

const older = '20250101000000_fill';
const newer = '20260101000000_fill';

let sandbox: Sandbox;
let root: string;
beforeEach(async () => {
  sandbox = await createSandbox();
  root = join(sandbox.service.folder, '..');
  await mkdir(join(root, 'migrations/data-migrations'), { recursive: true });
  await sandbox.write(
    '1_table',
    'CREATE TABLE a (id int PRIMARY KEY, n int, m int); INSERT INTO a SELECT generate_series(1, 10);',
  );
  await sandbox.deploy();
  await define(older, 'n');
  await run(older);
  await define(newer, 'm');
});
afterEach(() => sandbox.close());

const fileOf = (name: string) => join(root, `migrations/data-migrations/${name}.ts`);
const define = (name: string, column: string) =>
  writeFile(
    fileOf(name),
    `export default { service: 'auth', table: 'a', where: '${column} IS NULL', set: '${column} = id' };`,
  );
const run = async (name: string) =>
  runDataMigration({
    migration: await loadDataMigration(root, name),
    service: sandbox.service,
    url: sandbox.url,
  });
const requires = (name: string) =>
  sandbox.write(
    '2_required',
    `-- requires data migration: ${name}\nALTER TABLE a ALTER COLUMN m SET NOT NULL;`,
  );

describe('a name without its date that two data migrations have', () => {
  it('means neither, and the error has both in full', async () => {
    await expect(loadDataMigration(root, 'fill')).rejects.toMatchObject({
      code: 'AMBIGUOUS_NAME',
      message: `"fill" can mean several data migrations: ${older}, ${newer}.`,
    });
    expect(await run(newer)).toMatchObject({ rows: 10 });
  });

  it('means the one that is called just so', async () => {
    await define('fill', 'm');
    expect(await loadDataMigration(root, 'fill')).toMatchObject({ name: 'fill' });
  });

  it('is not taken for the complete one where a schema migration requires it', async () => {
    await requires('fill');
    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'AMBIGUOUS_NAME',
      message: `2_required of auth requires a data migration: "fill" can mean several data migrations: ${older}, ${newer}.`,
    });
    await requires(newer);
    await expect(sandbox.deploy()).rejects.toMatchObject({
      code: 'DATA_MIGRATION_REQUIRED',
      message: `2_required of auth needs the data migration ${newer}, which has not run.`,
    });
    await run(newer);
    expect((await sandbox.deploy()).applied).toEqual(['2_required']);
  });

  it('means the file that is left where that of the complete one is gone', async () => {
    await rm(fileOf(older));
    await requires('fill');
    await expect(sandbox.deploy()).rejects.toMatchObject({ code: 'DATA_MIGRATION_REQUIRED' });
    await run('fill');
    expect((await sandbox.deploy()).applied).toEqual(['2_required']);
  });

  it('is not given to a third', async () => {
    const example = { service: 'auth', table: 'a', set: '' };
    await expect(newDataMigration(root, 'fill', example, new Date())).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: `There is a data migration "fill" already: ${older}.`,
    });
    expect(await newDataMigration(root, 'fill_m', example, new Date())).toMatch(/_fill_m\.ts$/);
  });
});

describe('a data migration that is complete', () => {
  it('is known by its name without its date, also where its file is gone', async () => {
    await rm(fileOf(older));
    await rm(fileOf(newer));
    await sandbox.write(
      '2_required',
      '-- requires data migration: fill\nALTER TABLE a ALTER COLUMN n SET NOT NULL;',
    );
    expect((await sandbox.deploy()).applied).toEqual(['2_required']);
  });
});
