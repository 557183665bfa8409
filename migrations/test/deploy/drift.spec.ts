import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { baselineService } from '../../src/baseline/index.js';
import { readStatus } from '../../src/status/index.js';
import { verifyService } from '../../src/verify/index.js';
import { buildCli, runDb } from './cli.js';
import { createSandbox, type Sandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
  await sandbox.model(
    `model Thing {
       id   Int     @id
       name String? @unique
       kind String? @db.VarChar(5)
       @@map("things")
       @@schema("auth_schema")
     }`,
  );
  await sandbox.write('1_things', things);
  await sandbox.deploy();
  await buildCli();
}, 120_000);
afterAll(() => sandbox.close());

const things = `
CREATE TABLE things (id int NOT NULL, name text, kind varchar(5), CONSTRAINT things_pkey PRIMARY KEY (id));
CREATE UNIQUE INDEX things_name_key ON things (name);
CREATE INDEX things_lower_idx ON things (lower(name));
ALTER TABLE things ADD CONSTRAINT things_name_short CHECK (length(name) < 20);
ALTER TABLE things ADD CONSTRAINT things_kind CHECK (kind IN ('a', 'b'));
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER things_touch BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE things ENABLE ROW LEVEL SECURITY;
CREATE POLICY things_read ON things FOR SELECT USING (id > 0);
CREATE VIEW thing_names AS SELECT name FROM things;`;

const verify = () => verifyService(sandbox.service, sandbox.url);
const status = () => readStatus({ service: sandbox.service, url: sandbox.url, compare: true });
const equal = { equal: true, differences: '', fixSql: '' };

async function mend(): Promise<void> {
  const owner = await sandbox.connect('auth_owner');
  await owner.query((await verify()).fixSql);
}

describe('drift that Prisma does not see', () => {
  it.each([
    [
      'ALTER TABLE auth_schema.things DROP CONSTRAINT things_name_short',
      '[+] Added check constraint `things_name_short`',
    ],
    ['ALTER TABLE auth_schema.things DISABLE TRIGGER things_touch', '[*] Changed trigger `things_touch`'],
    ['DROP INDEX auth_schema.things_lower_idx', '[+] Added index `things_lower_idx`'],
    ['DROP POLICY things_read ON auth_schema.things', '[+] Added policy `things_read`'],
    [
      'ALTER POLICY things_read ON auth_schema.things TO auth_app USING (id > 1)',
      '[*] Changed policy `things_read`',
    ],
    ['ALTER TABLE auth_schema.things DISABLE ROW LEVEL SECURITY', '[+] Added row level security'],
    ['DROP VIEW auth_schema.thing_names', '[+] Added view `auth_schema.thing_names`'],
    [
      'DROP FUNCTION auth_schema.touch() CASCADE',
      '[+] Added function `touch()`\n\n[*] Changed the `things` table\n  [+] Added trigger `things_touch`',
    ],
    [
      'CREATE FUNCTION auth_schema.stray(at date) RETURNS date LANGUAGE sql AS $$ SELECT at $$',
      '[-] Removed function `stray(at date)`',
    ],
    [
      `ALTER TABLE auth_schema.things DROP CONSTRAINT things_name_short,
         ADD CONSTRAINT things_name_short CHECK (length(name) < 20) NOT VALID`,
      '[*] Made `things_name_short` valid',
    ],
    [
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'auth_schema.things_name_key'::regclass",
      '[*] Made `things_name_key` valid',
    ],
  ])(
    '%s',
    async (change, told) => {
      await sandbox.query(change);
      expect(await verify()).toMatchObject({ equal: false, differences: expect.stringContaining(told) });
      await mend();
      expect(await verify()).toMatchObject(equal);
    },
    60_000,
  );

  it('is not what a dump and its restoration write in other words', async () => {
    const [{ definition = '' } = {}] = await sandbox.query<{ definition: string }>(
      "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'things_kind'",
    );
    const restore = (text: string) =>
      sandbox.query(`ALTER TABLE auth_schema.things DROP CONSTRAINT things_kind;
                     ALTER TABLE auth_schema.things ADD CONSTRAINT things_kind ${text}`);
    await restore(definition);
    expect(await verify()).toMatchObject(equal);
    await restore(definition.replace("'b'", "'c'"));
    expect(await verify()).toMatchObject({ equal: false });
    await mend();
    expect(await verify()).toMatchObject(equal);
  }, 60_000);

  it('keeps a baseline from recording what was never made', async () => {
    await sandbox.write('2_check', 'ALTER TABLE things ADD CONSTRAINT things_positive CHECK (id > 0);');
    const baseline = () => baselineService({ service: sandbox.service, url: sandbox.url });
    await expect(baseline()).rejects.toMatchObject({
      code: 'NOT_EQUAL',
      message: expect.stringContaining('[+] Added check constraint `things_positive`'),
    });
    await mend();
    expect(await baseline()).toEqual(['2_check']);
    expect(await status()).toMatchObject({ drift: 'none' });
  }, 60_000);

  it('is not denied where it could not be looked for', async () => {
    await sandbox.query("INSERT INTO auth_schema.things VALUES (1, 'one')");
    await sandbox.write('3_needs_rows', 'SELECT 1 / count(*) FROM things;');
    await sandbox.deploy();
    const reason = '3_needs_rows does not run in an empty database: ERROR: division by zero';
    expect(await verify()).toMatchObject({ ...equal, notCompared: reason });
    expect(await status()).toMatchObject({ drift: 'none in tables' });
    const told = await runDb(sandbox, ['verify']);
    expect([told.code, told.stderr]).toEqual([0, expect.stringContaining(reason)]);
    await sandbox.write('4_later', 'SELECT 1;');
    await expect(baselineService({ service: sandbox.service, url: sandbox.url })).rejects.toMatchObject({
      code: 'NOT_COMPARED',
    });
  }, 60_000);
});
