import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { send, signUp } from '../../src/containers/account.js';
import { Checkout } from '../../src/containers/checkout.js';
import { freeDevelopmentPorts } from '../../src/containers/ports.js';
import { development, failedMigration } from './guide.js';
import { describeWithEngine } from './machine.js';

describeWithEngine('development in containers', () => {
  let checkout: Checkout;
  let auth: string;
  const name = '20990101000000_broken';
  const file = (path: string) => join(checkout.folder, path);

  beforeAll(async () => {
    const ports = await freeDevelopmentPorts();
    checkout = new Checkout(ports);
    auth = `http://127.0.0.1:${ports.AUTH_HTTP_PORT}`;
  });
  afterAll(() => checkout.dispose());

  const run = (line: string) => checkout.run(line);
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) await sleep(100);
  };
  const isReady = () =>
    fetch(`${auth}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );

  it('is what ./dev.sh starts where an engine answers, and a second one changes nothing', async () => {
    expect(await run('./dev.sh')).toContain('auth is ready');
    expect(await run('./dev.sh')).toContain('Already running');
    const ports = await run("docker ps --filter label=bw.environment=development --format '{{.Ports}}'");
    expect(ports).not.toMatch(/0\.0\.0\.0|\[::\]/);
    await signUp(auth);
  });

  it("runs the guide's commands as they are written", async () => {
    for (const line of [...development.migrate, ...development.generate]) await run(line);
    await run(development.restart);
    await until(isReady);
  });

  it('restarts a service when its source changes', async () => {
    checkout.edit('auth', 'edited just now');
    await until(async () => (await run('docker logs bw-auth-service')).includes('edited just now'));
    await until(isReady);
  });

  it('lets a failed migration be looked at and resolved inside the container, as the guide does', async () => {
    checkout.addMigration('auth', name, 'ALTER TABLE "auth_schema"."nothing" ADD COLUMN "x" TEXT;\n');
    await run('docker restart bw-auth-service');
    await until(async () => (await run('docker logs bw-auth-service')).includes('Trying again'));
    expect(await run(failedMigration.look(name))).toContain('(1 row)');
    await run(failedMigration.rolledBack(name));
    await run(failedMigration.applied(name));
    expect(await run(failedMigration.again)).toMatch(/up to date/);
    await until(isReady);
  });

  it('starts from a clean slate as the guide does', async () => {
    const account = await signUp(auth);
    rmSync(file(`auth/prisma/migrations/${name}`), { recursive: true });
    for (const line of development.cleanSlate) await run(line);
    const login = await send(`${auth}/v1/auth/login`, 'POST', account);
    expect(login.status).toBe(401);
    for (const line of development.reset) await run(line);
    expect(await run('./dev.run --e2e')).toMatch(/^\d+ passed, 0 failed, \d+ skipped\n$/m);
    await run('./dev-stop.sh');
    expect(await run('docker ps --quiet --filter label=bw.environment=development')).toBe('');
  });

  it('does without an engine, and says so in one line', async () => {
    const deaf = { DOCKER_HOST: 'unix:///nowhere.sock' };
    const asked = await checkout.shell('./dev.sh --docker', deaf);
    expect(asked).toMatchObject({ code: 1, output: expect.stringContaining('engine does not answer') });
    const embedded = await checkout.shell('./dev.sh && ./dev-stop.sh -v --yes', deaf);
    expect(embedded).toMatchObject({ code: 0 });
    expect(embedded.output).toContain('Using the embedded PostgreSQL: the Docker engine does not answer.');
  });
});
