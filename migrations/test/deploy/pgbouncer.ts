import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresAccount } from '@bw/scripts/postgres';
import { freePort } from '@bw/scripts/processes';

/** Debian's is no program for everybody: it lies in /usr/sbin. */
const env = { PATH: `${process.env.PATH}:/usr/sbin` };

export function hasPgBouncer(): boolean {
  try {
    execFileSync('pgbouncer', ['--version'], { env, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The pooler that most people have in front of PostgreSQL. */
export async function startPgBouncer(
  url: string,
  mode: 'session' | 'transaction',
): Promise<{ url: string; close(): Promise<void> }> {
  const { hostname, port, username, password } = new URL(url);
  const own = await freePort();
  const folder = await mkdtemp('/tmp/bw-pgbouncer-');
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 4
`,
  );
  // Like PostgreSQL it refuses to be root.
  const account = postgresAccount();
  if (account) await chown(folder, account.uid, account.gid);
  const child = spawn('pgbouncer', [file], { ...account, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  while (!log.includes('listening on')) {
    const [chunk] = await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(chunk)) throw new Error(`pgbouncer ended: ${log}`);
    log += chunk;
  }
  child.stderr.resume();
  return {
    url: Object.assign(new URL(url), { port: `${own}` }).href,
    close: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}
