import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Answers, Terminal } from '@bw/scripts/testing/terminal';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildCli } from '../deploy/cli.js';
import { seededRandom } from '../seeded-random.js';
import { createSandbox, type Sandbox } from './sandbox.js';

const repository = resolve(import.meta.dirname, '../../..');
const db = join(repository, 'migrations/bin/db');
const command = ['create', '--service', 'post', '--no-generate'];

const post = (...fields: string[]) => `
model Post {
  id    Int     @id @default(autoincrement())
  title String?
  ${fields.join('\n  ')}

  @@map("posts")
}
`;

let sandbox: Sandbox;

beforeAll(async () => {
  await buildCli();
});
beforeEach(begin);
afterEach(() => sandbox.remove());

async function begin(): Promise<void> {
  sandbox = await createSandbox();
  await sandbox.edit('post', post('mood String?'));
  await sandbox.migrate('post', { name: 'create_posts' });
  await sandbox.query(`INSERT INTO post_schema.posts (title, mood) VALUES ('a', 'good'), ('b', 'bad')`);
}

const filesOf = async () => (await readdir(join(sandbox.root, 'post'), { recursive: true })).sort();

/** An edit, what is answered before, and the question that is then open. */
const questions: [string, string, Record<string, string>, string][] = [
  ['the name', post('mood String?', 'slug String?'), {}, 'What does the migration do?'],
  ['what was renamed', post('feeling String?'), {}, 'What became of it?'],
  ['the loss of data', post(), {}, 'Go on?'],
  ['what rows get', post('mood String?', 'slug String'), {}, 'What do the rows that exist get?'],
  [
    'the SQL of a value',
    post('mood String?', 'slug String'),
    { 'What do the rows that exist get?': '\r' },
    'SQL, such as',
  ],
];

/** Runs the command on a terminal of its own. */
async function onTerminal(answers: Answers) {
  const terminal = new Terminal(sandbox.root, process.env);
  try {
    const line = `echo $$ > pid; exec "${process.execPath}" "${db}" ${command.join(' ')}`;
    return await terminal.type(`bash -c '${line}'`, answers);
  } finally {
    terminal.close();
  }
}

describe.each(questions)('at the question for %s', (_, schema, answers, question) => {
  it.each([
    ['Ctrl-C', () => '\x03', 130],
    ['kill -9', () => () => process.kill(Number(readFileSync(join(sandbox.root, 'pid'))), 'SIGKILL'), 137],
  ])(
    '%s leaves everything as it is, and the next run asks again',
    async (_name, interrupt, code) => {
      await sandbox.edit('post', schema);
      const [files, database] = [await filesOf(), await picture()];
      const interrupted = await onTerminal({ ...answers, [question]: interrupt() });
      expect(interrupted.code).toBe(code);
      expect(await filesOf()).toEqual(files);
      expect(await picture()).toEqual(database);
      const { output } = await onTerminal({ ...answers, [question]: '\x03' });
      expect(output).toContain(question);
      expect(output).toContain('Stopped. Nothing was written.');
      expect(await filesOf()).toEqual(files);
      expect(await picture()).toEqual(database);
    },
    120_000,
  );
});

describe('kill -9 while it works', () => {
  // An index, a required column and a table with a foreign key: several migrations, and several steps to apply them.
  const edited = `${post('mood String?', 'slug String', 'notes Note[]', '@@index([title])')}
model Note {
  id     Int  @id
  postId Int
  post   Post @relation(fields: [postId], references: [id])

  @@map("notes")
}
`;
  const seed = Number(process.env.KILL_SEED ?? Date.now() % 100_000);
  const kills = 14;

  it(`at ${kills} moments (KILL_SEED=${seed}): the same command ends as if undisturbed`, async () => {
    await sandbox.edit('post', edited);
    const effects = /^effects: (.*)$/m.exec(await run())?.[1]?.split(' ') ?? [];
    const undisturbed = await picture();
    expect(new Set(effects)).toEqual(new Set(['file', 'server']));
    const random = seededRandom(seed);
    for (let kill = 0; kill < kills; kill++) {
      const kind = kill % 2 === 0 ? 'file' : 'server';
      const moments = effects.flatMap((each, at) => (each === kind ? [at + 1] : []));
      const moment = moments[Math.floor(random() * moments.length)] ?? 0;
      await sandbox.remove();
      await begin();
      await sandbox.edit('post', edited);
      await expect(run(moment)).rejects.toMatchObject({ signal: 'SIGKILL' });
      await expectAllOrNothing(undisturbed.migrations.length);
      await run();
      expect({ moment, ...(await picture()) }).toEqual({ moment, ...undisturbed });
      expect((await filesOf()).filter((file) => /\.new/.test(file))).toEqual([]);
    }
  }, 300_000);

  async function run(dieAt = Number.POSITIVE_INFINITY): Promise<string> {
    const hook = join(import.meta.dirname, 'die-at.mjs');
    const args = ['--import', hook, db, ...command, '--name', 'let_posts_have_notes'];
    const options = { cwd: sandbox.root, env: { ...process.env, DIE_AT: String(dieAt) } };
    const { stderr } = await promisify(execFile)(
      process.execPath,
      [...args, '--fill', 'posts.slug=title'],
      options,
    );
    return stderr;
  }

  /** What is not complete is known to the next run from its journal. */
  async function expectAllOrNothing(all: number): Promise<void> {
    if (existsSync(join(sandbox.root, 'post/prisma/.new-migration.json'))) return;
    expect([1, all]).toContain((await migrations()).length);
  }
});

const migrations = async () =>
  Promise.all(
    (await sandbox.migrations('post'))
      .filter((name) => name !== 'migration_lock.toml')
      .map(async (name) => [
        name.replace(/^\d+/, ''),
        await sandbox.read(`post/prisma/migrations/${name}/migration.sql`),
      ]),
  );

/** What is on disk and in the database, but for times. */
async function picture() {
  return {
    migrations: await migrations(),
    history: await sandbox.query(
      `SELECT substr(migration_name, 15) AS name, finished_at IS NOT NULL AS finished
         FROM post_schema._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
    ),
    columns: await sandbox.query(
      `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
        WHERE table_schema = 'post_schema' AND table_name NOT LIKE '\\_%' ORDER BY 1, 2`,
    ),
    indexes: await sandbox.query(
      `SELECT indexrelid::regclass::text AS name, indisvalid FROM pg_index
        WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'post_schema'::regnamespace) ORDER BY 1`,
    ),
    constraints: await sandbox.query(
      `SELECT conname, convalidated FROM pg_constraint
        WHERE connamespace = 'post_schema'::regnamespace ORDER BY 1`,
    ),
    rows: await sandbox.query(`SELECT to_jsonb(posts) AS row FROM post_schema.posts ORDER BY id`),
  };
}
