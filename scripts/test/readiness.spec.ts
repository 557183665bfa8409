import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { layout, layoutOf } from '../src/dev/layout.js';
import { waitUntilReady } from '../src/dev/readiness.js';
import { pidFileOf } from '../src/dev/service-process.js';
import { readSettings } from '../src/dev/settings.js';
import { freePort } from '../src/processes/index.js';

it('waits for a service that is just being restarted, which seems to have ended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bw-readiness-'));
  const here = { ...layoutOf(folder), run: folder, logs: folder };
  const settings = readSettings(layout);
  const [first] = settings.services;
  if (!first) throw new Error('There is no service.');
  const service = { ...first, folder, httpPort: await freePort() };
  const pidFile = pidFileOf(here, service);
  const start = () => spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e6)', join(folder, 'main.js')]);
  const before = start();
  before.kill('SIGKILL');
  await once(before, 'exit');
  pidFile.write(before.pid ?? 0);
  expect(pidFile.isStale()).toBe(true);

  const waiting = waitUntilReady(here, { ...settings, services: [service] }, new AbortController().signal);
  const after = start();
  const server = createServer((_, response) => response.end());
  try {
    await Promise.race([sleep(200), waiting]);
    pidFile.write(after.pid ?? 0);
    server.listen(service.httpPort, '127.0.0.1');
    await expect(waiting).resolves.toBeUndefined();
  } finally {
    after.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
