import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '@bw/migrations/errors';
import type { Layout } from './layout.js';

const run = promisify(execFile);

export const hasComposeFile = (layout: Layout): boolean => existsSync(composeFile(layout));

interface Failure extends Error {
  stdout?: string;
  stderr?: string;
}

/** Why the services cannot run in containers here; undefined when they can. */
export async function whyNoContainers(): Promise<string | undefined> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}']);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing ? 'Docker is not installed' : 'the Docker engine does not answer';
  }
  return (await findCompose()) ? undefined : 'Docker Compose v2 is not installed';
}

/** The names of this project's containers that run for the environment. */
export async function runningContainers(environment: 'development' | 'production'): Promise<string[]> {
  try {
    const filter = `label=bw.environment=${environment}`;
    const { stdout } = await run('docker', ['ps', '--filter', filter, '--format', '{{.Names}}']);
    return stdout.split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** Runs Compose on the development file; a failure carries the end of what it said. */
export async function compose(layout: Layout, args: string[], signal?: AbortSignal): Promise<void> {
  const [command = 'docker', ...first] = (await findCompose()) ?? ['docker', 'compose'];
  const env = { ...process.env, DEV_USER: currentUser() };
  try {
    await run(command, [...first, '-f', composeFile(layout), ...args], {
      cwd: layout.root,
      env,
      maxBuffer: 64 * 1024 * 1024,
      ...(signal && { signal }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    const { stdout = '', stderr = '' } = cause as Failure;
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-25).join('\n');
    throw new UserError('CONTAINERS_FAILED', `docker compose ${args[0]} failed:\n${said}`, {
      hint: 'Correct it and run ./dev.sh again, or use ./dev.sh --embedded, which needs no Docker.',
      cause,
    });
  }
}

/** The end of a container's log. */
export async function logOfContainer(name: string): Promise<string> {
  const { stdout, stderr } = await run('docker', ['logs', '--tail', '20', name]).catch(
    (error: Failure) => error,
  );
  return `${stdout ?? ''}${stderr ?? ''}`.trim();
}

async function findCompose(): Promise<string[] | undefined> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const [program = '', ...args] = command;
    const answer = await run(program, [...args, 'version', '--short']).catch(() => undefined);
    if (answer && /^v?[2-9]/.test(answer.stdout)) return command;
  }
  return undefined;
}

/** Sources that a container writes to stay those of the person. */
function currentUser(): string {
  const { getuid, getgid } = process;
  return getuid && getgid ? `${getuid()}:${getgid()}` : '1000:1000';
}

const composeFile = (layout: Layout) => join(layout.root, 'docker-compose.dev.yml');
