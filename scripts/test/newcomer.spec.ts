import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsOf, readBlocks } from '@bw/scripts/testing/documents';
import { type Answers, Terminal } from '@bw/scripts/testing/terminal';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Checkout } from '../src/containers/checkout.js';
import { isolated } from './support/isolated.js';

// The whole environment starts, and whole suites of tests run.
jest.setTimeout(600_000);

// Instead of the comments of the documents, which somebody may have added by now.
const added = 'yaks';

/** Follows the documents to the letter, as somebody does who has just cloned. */
describe('a newcomer', () => {
  let checkout: Checkout;
  let terminal: Terminal;
  let env: Record<string, string>;

  beforeAll(async () => {
    env = await isolated(added);
    checkout = new Checkout(env);
    terminal = new Terminal(checkout.folder, { ...process.env, ...env });
    await type('git commit -qm "Begin"');
  });
  afterAll(async () => {
    terminal.close();
    await checkout.shell('./dev-stop.sh -v --yes');
    await checkout.dispose();
  });

  async function type(line: string, answers: Answers = {}): Promise<string> {
    const { code, output } = await terminal.type(line, answers);
    expect({ line, code, output }).toEqual({ line, code: 0, output });
    return output;
  }

  const edit = (service: string, from: string | RegExp, to: string) => {
    const file = join(checkout.folder, service, 'prisma/schema.prisma');
    const schema = readFileSync(file, 'utf8');
    expect(schema).toMatch(from);
    writeFileSync(file, schema.replace(from, to));
  };
  const addToUsers = (field: string) => edit('auth', /^model User \{\n/m, `model User {\n  ${field}\n`);

  /** What a person does who reads the command, where that is not to type it. */
  const instead: Record<string, () => unknown> = {
    'vim auth/prisma/schema.prisma': () => addToUsers('nickname String?'),
    // Production is followed in its containers.
    'docker exec bw-auth-service node dist/commands/admin-create.js you@example.com': () => undefined,
    // All tests: this one is among them.
    './dev.run': () => type('./dev.run --unit migrations/src/terminal'),
  };
  /** What a person does before it. */
  const before: Record<string, () => unknown> = {
    'cd auth && yarn prisma:migrate:local --name add_phone_number_to_users': () =>
      addToUsers('phoneNumber String? @map("phone_number")'),
  };
  const answers: Answers = {
    'What does the migration do?': 'add_nickname_to_users\r',
    'Throw away the development database': 'y\r',
  };

  /** The documents say the ports that one gets without asking for others. */
  const adapted = (line: string) =>
    line
      .replaceAll('comments', added)
      .replaceAll('127.0.0.1:9001', `127.0.0.1:${env.AUTH_HTTP_PORT}`)
      .replaceAll('127.0.0.1:9002', `127.0.0.1:${env.POST_HTTP_PORT}`);

  async function follow(line: string): Promise<void> {
    const command = line.replace(/ +#.*$/, '');
    await before[command]?.();
    const own = instead[command];
    if (own) return void (await own());
    await type(adapted(line), answers);
  }

  const documents = ['README.md', 'docs/SECURITY.md', 'CONTRIBUTING.md', 'docs/SETUP_GUIDE.md'];

  it.each(documents)('does what %s says', async (document) => {
    const blocks = readBlocks(join(checkout.folder, document)).filter(({ language }) => language === 'bash');
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      await type(`cd '${checkout.folder}'`);
      for (const line of commandsOf(block)) await follow(line);
    }
  });

  it('adds a column to the new service, renames it, deploys it and looks at the report', async () => {
    await type(`cd '${checkout.folder}' && ./dev.sh && cd ${added}`);
    edit(added, '  text ', '  title String?\n  text ');
    await type('yarn prisma:migrate:local --name add_title_to_yaks');
    edit(added, '  title ', '  headline ');
    const renamed = { 'What became of it?': '\r' };
    await type('yarn prisma:migrate:local --name rename_title_to_headline', renamed);
    await type('cd .. && yarn db sync && yarn db deploy && yarn db verify && yarn db report');
    const report = readFileSync(join(checkout.folder, 'db-report.html'), 'utf8');
    for (const name of ['create_yaks', 'add_title_to_yaks', 'rename_title_to_headline'])
      expect(report).toMatch(
        new RegExp(`id="${added}/\\d+_${name}" data-service="${added}" data-state="applied"`),
      );
    expect(report).toContain('RENAME COLUMN');
  });
});
