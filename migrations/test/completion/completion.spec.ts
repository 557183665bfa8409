import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRoot, findServices } from '@bw/migrations/services';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildCli } from '../deploy/cli.js';

const root = findRoot(import.meta.dirname);
const db = join(root, 'migrations/bin/db');

/** What a shell is told to offer after `yarn WORD…`. */
async function offered(words: string[], folder = root): Promise<string[]> {
  const { stdout } = await promisify(execFile)(db, ['suggest', 'complete', '--', ...words], { cwd: folder });
  return stdout
    .split('\n')
    .filter((line) => line && !line.startsWith(':'))
    .map((line) => line.split('\t')[0] ?? '');
}

describe('completion of yarn', () => {
  beforeAll(buildCli);

  it('offers the commands of yarn db', async () => {
    expect(await offered(['db', ''])).toEqual(expect.arrayContaining(['deploy', 'lint', 'plan', 'status']));
    expect(await offered(['db', 'st'])).toEqual(['status']);
    expect(await offered(['db', 'data', ''])).toEqual(expect.arrayContaining(['new', 'run', 'status']));
  });

  it('offers the flags of a command, and the services where one is asked for', async () => {
    expect(await offered(['db', 'deploy', '--ser'])).toContain('--service');
    expect(await offered(['db', 'deploy', '--service', ''])).toEqual(
      findServices(root).map(({ name }) => name),
    );
  });

  it('offers the scripts of the folder one is in', async () => {
    expect(await offered(['prisma:m'], join(root, 'auth'))).toContain('prisma:migrate:local');
    expect(await offered(['ne'])).toEqual(['new:service']);
  });

  it('keeps what only shells call out of the help', async () => {
    const { stdout } = await promisify(execFile)(db, ['--help'], { cwd: root });
    expect(stdout).toContain('completion <shell>');
    expect(stdout).not.toContain('suggest');
  });

  it('is a script that bash takes', async () => {
    const { stdout } = await promisify(execFile)(db, ['completion', 'bash'], { cwd: root });
    expect(spawnSync('bash', ['-n'], { input: stdout })).toMatchObject({ status: 0 });
    expect(stdout).toContain(`${db} suggest`);
  });
});
