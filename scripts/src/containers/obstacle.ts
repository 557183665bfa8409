import { spawnSync } from 'node:child_process';

/** Why tests and benchmarks of containers cannot run here; undefined when they can. */
export function obstacleToContainers(): string | undefined {
  const containers = askEngine('ps', '--all', '--quiet', '--filter', 'label=bw.environment');
  const volumes = askEngine('volume', 'ls', '--quiet', '--filter', 'name=^nestjs-microservices_');
  if (containers === undefined || volumes === undefined) return 'no container engine answers';
  // They are thrown away afterwards, so they must not be anybody's.
  if (containers || volumes) return 'this machine holds containers or data of this project';
  return undefined;
}

/** The same of a swarm, which is left again afterwards. */
export function obstacleToSwarm(): string | undefined {
  const state = askEngine('info', '--format', '{{.Swarm.LocalNodeState}}');
  return obstacleToContainers() ?? (state === 'inactive' ? undefined : 'this machine is part of a swarm');
}

function askEngine(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('docker', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
