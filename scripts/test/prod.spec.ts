import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** An engine that answers as this one does, on a machine with the database's volume; it can do nothing else. */
const engine = (version: string, compose = 'v2.26.1') => `#!/bin/bash
case "$*" in
  'version '*) echo ${version} ;;
  'compose version'*) [[ ${compose} == v2* ]] ;;
  'volume inspect '* | 'ps '*) ;;
  *) echo "cannot do: docker $*"; exit 1 ;;
esac
`;

describe('./prod.sh, before it touches anything', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bw-prod-'));
    for (const name of ['prod.sh', 'scripts/prod', 'auth/prisma/schema.prisma', 'post/prisma/schema.prisma'])
      await cp(join(root, name), join(folder, name), { recursive: true });
    await mkdir(join(folder, 'bin'));
    for (const name of [
      'bash',
      'awk',
      'cat',
      'cut',
      'dirname',
      'find',
      'flock',
      'grep',
      'head',
      'id',
      'mkdir',
      'mv',
      'ps',
      'sed',
      'tail',
      'tr',
    ])
      await symlink(`/usr/bin/${name}`, join(folder, 'bin', name));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const install = async (name: string, text: string) => {
    await writeFile(join(folder, 'bin', name), text);
    await chmod(join(folder, 'bin', name), 0o755);
  };
  const secret = async (name: string, text: string, mode = 0o600) => {
    await mkdir(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, 'secrets', name), text, { mode });
  };
  const run = (...args: string[]) => runWith({}, ...args);
  const runWith = (settings: Record<string, string>, ...args: string[]) => bash(settings, 'prod.sh', ...args);
  const bash = (settings: Record<string, string>, ...args: string[]) =>
    new Promise<{ code: number; output: string }>((done) => {
      const env = { PATH: join(folder, 'bin'), ...settings };
      execFile('/bin/bash', args, { cwd: folder, env }, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });

  it('says how to get an engine where there is none', async () => {
    const { code, output } = await run();
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain('There is no docker on this machine.\nInstall Docker Engine');
  });

  it('names the version of an engine that is too old, and of what is missing beside it', async () => {
    await install('docker', engine('19.03.15'));
    expect((await run()).output).toContain('The Docker engine is version 19.03.15; 20 or newer is needed.');
    await install('docker', engine('20.10.24', 'v1.29.2'));
    await install('docker-compose', '#!/bin/bash\necho 1.29.2\n');
    expect(await run()).toMatchObject({
      code: 1,
      output: expect.stringContaining('Docker Compose v2 is missing.'),
    });
    await install('docker-compose', '#!/bin/bash\necho v2.30.1\n');
    expect((await run()).output).not.toContain('Compose');
  });

  it('refuses secrets that others can read', async () => {
    await install('docker', engine('27.0.1'));
    await secret('auth.env', 'TRUSTED_SERVICES="post=key"\n', 0o644);
    expect(await run()).toMatchObject({
      code: 1,
      output: expect.stringContaining('Others on this machine can read secrets/auth.env'),
    });
  });

  it('tells the lost secrets of a service from those of a service that is new', async () => {
    await install('docker', engine('27.0.1'));
    await secret('postgres_password', 'secret');
    await secret('admin.env', 'ADMIN_DATABASE_URL="postgresql://…"\n');
    await secret('post.env', 'TRUSTED_SERVICES="auth=key"\n');
    expect((await run()).output).toContain('secrets/auth.env is missing, and the database was made with');
    await secret('auth.env', 'TRUSTED_SERVICES="post=key"\n');
    await mkdir(join(folder, 'comments/prisma'), { recursive: true });
    await writeFile(join(folder, 'comments/prisma/schema.prisma'), '');
    // This engine gets no further than the next thing that it would have to do.
    expect((await run()).output).toMatch(/cannot do: docker run .* caddy/);
    await rm(join(folder, 'secrets/auth.env'));
    await rm(join(folder, 'secrets/post.env'));
    expect((await run()).output).toContain('secrets/auth.env is missing');
  });

  it('reads secrets/settings.env as people and editors write it, and the environment before it', async () => {
    const domain = async (text: string, settings = {}) => {
      await secret('settings.env', text);
      return (await runWith(settings)).output;
    };
    await install('docker', engine('27.0.1'));
    // A domain that cannot be one is named: what was read shows in that.
    expect(await domain('# where\n\n DOMAIN="a/b"\r\nBACKUPS_KEPT=3\r\n')).toContain('DOMAIN is "a/b";');
    expect(await domain("BACKUPS_KEPT=3\nDOMAIN='a/b'")).toContain('DOMAIN is "a/b";');
    expect(await domain('DOMAIN=a/b\n', { DOMAIN: 'c/d' })).toContain('DOMAIN is "c/d";');
    expect(await domain('DOMAIN=a/b\n', { DOMAIN: '' })).not.toContain('DOMAIN is');
  });

  it('keeps the address that it was started with, and forgets what is given empty', async () => {
    const parts = 'for part in output engine secrets; do . scripts/prod/$part.sh; done';
    const keep = async (settings: Record<string, string>) => {
      const line = `set -euo pipefail; ${parts}; load_settings; save_settings`;
      expect(await bash(settings, '-c', line)).toMatchObject({ code: 0 });
      return readFile(join(folder, 'secrets/settings.env'), 'utf8');
    };
    await secret('settings.env', '# mine\nDOMAIN="a.example"\nBACKUPS_KEPT=3');
    const given = { DOMAIN: '', PUBLIC_URL: 'https://b.example', BACKUPS_KEPT: '5' };
    const kept = '# mine\nBACKUPS_KEPT=3\nPUBLIC_URL=https://b.example\n';
    expect(await keep(given)).toBe(kept);
    expect(await keep({})).toBe(kept);
    expect(await keep({ PUBLIC_URL: '', GATEWAY_PORT: '8080' })).toBe(
      '# mine\nBACKUPS_KEPT=3\nGATEWAY_PORT=8080\n',
    );
  });

  it.each([
    ['DOMAIN=a\nDOMIAN=b\n', 'Line 2 of secrets/settings.env sets DOMIAN, which is no setting.'],
    ['\nDOMAIN\n', 'Line 2 of secrets/settings.env is not NAME=value.'],
    ['DOMAIN=a # mine', 'Line 1 of secrets/settings.env gives DOMAIN a value with spaces or quotes in it.'],
    ['DOMAIN="a\n', 'Line 1 of secrets/settings.env gives DOMAIN a value with spaces or quotes in it.'],
    ['BACKUPS_KEPT=0\n', 'BACKUPS_KEPT is "0"; it has to be a number of at least 1.'],
    ['BACKUPS_KEPT=many\n', 'BACKUPS_KEPT is "many"; it has to be a number of at least 1.'],
    ['GATEWAY_PORT=70000\n', 'GATEWAY_PORT is "70000"; it has to be the number of a port.'],
    ['PUBLIC_URL=example.com\n', 'PUBLIC_URL is "example.com"; it has to be an address'],
  ])('names what is wrong in secrets/settings.env: %j', async (text, message) => {
    await install('docker', engine('27.0.1'));
    await secret('settings.env', text);
    expect(await run()).toMatchObject({ code: 1, output: expect.stringContaining(message) });
  });

  it('knows no other command or option than those of --help', async () => {
    await install('docker', engine('27.0.1'));
    expect((await run('upp')).output).toContain('There is no command "upp".\n./prod.sh --help');
    expect((await run('--fast')).output).toContain('up has no option "--fast".\n./prod.sh --help');
    for (const command of ['rollback', 'status', 'stop'])
      expect(await run(command, 'now')).toMatchObject({
        code: 1,
        output: expect.stringContaining(`${command} takes no "now".\n./prod.sh --help`),
      });
  });

  it('explains itself wherever --help stands, and does nothing else', async () => {
    const lines = [
      ['--help'],
      ['-h'],
      ['up', '--no-backup', '-h'],
      ['stop', '--help'],
      ['rollback', '--help'],
    ];
    for (const line of lines)
      expect(await run(...line)).toMatchObject({
        code: 0,
        output: expect.stringMatching(/^usage: .\/prod.sh/),
      });
  });
});
