import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Ends the server and removes the folder once its standard input closes, which also happens when Jest is killed.
const guard = `
  cat > /dev/null
  pid=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$pid" &&
    for _ in {1..100}; do kill -0 "$pid" || break; sleep 0.05; done
  rm -rf "$1"
`;

/** Gives the run a folder for its PostgreSQL, which the first test that needs a database starts. */
export default async function globalSetup(): Promise<void> {
  // PostgreSQL does not run as root, and root's TMPDIR may be closed to everyone else.
  const folder = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'bw-test-'));
  process.env.BW_TEST_POSTGRES = folder;
  globalThis.testPostgresGuard = spawn('bash', ['-c', guard, 'guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
