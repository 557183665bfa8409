import { setTimeout as sleep } from 'node:timers/promises';
import { findServices } from '@bw/migrations/services';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { send } from '../../src/containers/account.js';
import type { Checkout } from '../../src/containers/checkout.js';
import { obstacleToSwarm } from '../../src/containers/obstacle.js';
import { whileUsersAreThere } from '../../src/containers/traffic.js';
import { pathWithYarn } from '../support/isolated.js';
import { describeWithEngine, productionCheckout } from './machine.js';

/** One more than there are, as nothing may know them by name. */
const added = 'zebras';
const services = [...findServices().map(({ name }) => name), added];

describeWithEngine(
  'a swarm of one node',
  () => {
    let checkout: Checkout;
    let base: string;

    beforeAll(async () => {
      ({ checkout, base } = await productionCheckout({ PATH: pathWithYarn }));
      await checkout.addService(added);
    });
    afterAll(async () => {
      await checkout.shell('docker stack rm bw');
      await checkout.shell('docker swarm leave --force');
      await checkout.shell('docker volume rm bw_postgres_data bw_gateway_data bw_gateway_config');
      await checkout.dispose();
    });

    const run = (line: string) => checkout.run(line);
    const until = async (isSo: () => Promise<boolean>) => {
      while (!(await isSo())) await sleep(500);
    };

    /** As in DEPLOYMENT_GUIDE.md, where the images go to a registry: here they are on the only machine already. */
    const deploy = (release: number) =>
      run(`RELEASE=${release} docker stack deploy --resolve-image never -c deploy/swarm/stack.yml bw`);
    const build = async (release: number) => {
      await run('RELEASE=next docker compose -f docker-compose.prod.yml build');
      for (const name of services)
        await run(`docker tag bw-${name}-service:next bw-${name}-service:${release}`);
    };
    const replicas = async () =>
      (await run(`docker service ls --format '{{.Name}} {{.Replicas}}'`)).trim().split('\n').sort();
    /** How the last update of each service ended, once all have. */
    const outcomes = async () => {
      const states = async () => {
        const format = `'{{.Spec.Name}} {{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}'`;
        const line = services.map((name) => `bw_${name}`).join(' ');
        return (await run(`docker service inspect --format ${format} ${line}`)).trim().split('\n');
      };
      await until(async () =>
        (await states()).every((state) => / (completed|rollback_completed|paused)/.test(state)),
      );
      return states();
    };
    const appliedTimes = (migration: string) =>
      run(
        `docker exec $(docker ps -qf name=bw_postgres) psql -U admin -d postgres -Atc "SELECT count(*) FROM _prisma_migrations WHERE migration_name = '${migration}' AND finished_at IS NOT NULL"`,
      );
    /** What goes is still stopping for some seconds after the engine calls an update completed. */
    const untilOnlyRuns = async (name: string, release: number) => {
      const line = `docker ps --filter label=com.docker.swarm.service.name=bw_${name} --format '{{.Image}}'`;
      await until(async () => {
        const images = new Set((await run(line)).trim().split('\n'));
        return [...images].join() === `bw-${name}-service:${release}`;
      });
    };

    it('runs three replicas of each service, with secrets and configs of the engine', async () => {
      await run('./prod.sh && ./prod.sh stop');
      await run('docker swarm init --advertise-addr 127.0.0.1');
      await run(
        'docker node update --label-add database=true --label-add gateway=true $(docker node ls --quiet)',
      );
      for (const name of services)
        await run(
          `docker tag bw-${name}-service:current bw-${name}-service:1 && docker secret create ${name}_env secrets/${name}.env`,
        );
      await run('docker secret create postgres_password secrets/postgres_password');
      await deploy(1);
      await until(async () => (await replicas()).includes('bw_postgres 1/1'));
      await run(
        'docker run --rm --network bw_backend -v "$PWD/secrets:/app/secrets:ro" --entrypoint node bw-tools:current scripts/dist/prod/prepare-database.js',
      );
      await until(async () => (await replicas()).every((line) => /(\d+)\/\1$/.test(line)));
      expect(await replicas()).toEqual(
        [...services.map((name) => `bw_${name} 3/3`), 'bw_gateway 1/1', 'bw_postgres 1/1'].sort(),
      );
      expect(await run(`./prod.run ${base}`)).toMatch(/ 0 failed, 0 skipped\n$/);
      expect((await send(`${base}/v1/${added}`, 'GET')).status).toBe(200);
    });

    it('limits every container: what it may do, write, remember and log', async () => {
      const all = [...services, 'gateway', 'postgres'];
      for (const name of all) {
        const format = `'{{json .HostConfig}}'`;
        const line = `docker ps -qf label=com.docker.swarm.service.name=bw_${name}`;
        const [config = ''] = (await run(`docker inspect --format ${format} $(${line})`)).split('\n');
        expect({ name, ...(JSON.parse(config) as object) }).toMatchObject({
          name,
          CapDrop: ['ALL'],
          ReadonlyRootfs: name !== 'postgres',
          Memory: expect.any(Number),
          LogConfig: { Config: { 'max-size': '10m', 'max-file': '5' } },
        });
        expect(JSON.parse(config)).not.toMatchObject({ Memory: 0 });
      }
    });

    it('updates, with a migration, without one failed request, and applies it once', async () => {
      for (const name of services) checkout.edit(name, 'second version');
      const migration = '20990101000000_add_note';
      checkout.addMigration('auth', migration, 'ALTER TABLE "auth_schema"."users" ADD COLUMN "note" TEXT;\n');
      await build(2);
      const { outcome, report } = await whileUsersAreThere(base, () => deploy(2).then(outcomes));
      expect(outcome).toEqual(services.map((name) => `bw_${name} completed`));
      expect(report.failures).toEqual([]);
      expect(report.sent).toBeGreaterThan(100);
      expect(await appliedTimes(migration)).toBe('1\n');
      for (const name of services) await untilOnlyRuns(name, 2);
    });

    it('takes a version back whose migration fails, without one failed request', async () => {
      checkout.addMigration(
        'auth',
        '20990102000000_broken',
        'ALTER TABLE "auth_schema"."nothing" ADD COLUMN "x" TEXT;\n',
      );
      await build(3);
      const { outcome, report } = await whileUsersAreThere(base, () => deploy(3).then(outcomes));
      expect(outcome).toContain('bw_auth rollback_completed');
      expect(report.failures).toEqual([]);
      await untilOnlyRuns('auth', 2);
      expect(await replicas()).toContain('bw_auth 3/3');
    });
  },
  obstacleToSwarm(),
);
