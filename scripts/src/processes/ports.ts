import { execFileSync } from 'node:child_process';
import { connect, createServer, type Server } from 'node:net';
import { commandOf } from './process.js';

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = await listen(0);
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('A TCP server without a port.');
  return address.port;
}

export async function isPortFree(port: number): Promise<boolean> {
  // macOS lets one listen on 127.0.0.1 although another listens on every address.
  if (await answers(port)) return false;
  try {
    const server = await listen(port);
    await new Promise((done) => server.close(done));
    return true;
  } catch {
    return false;
  }
}

/** Who listens on a port, as far as the system has a tool that tells. */
export function portOwner(port: number): string | undefined {
  const pid =
    find('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], /^(\d+)/) ??
    find('ss', ['-Hltnp', `sport = :${port}`], /pid=(\d+)/);
  return pid && `process ${pid}: ${commandOf(Number(pid)) ?? 'unknown'}`;
}

function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise<boolean>((done) => {
    socket.once('connect', () => done(true)).once('error', () => done(false));
  }).finally(() => socket.destroy());
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((done, fail) =>
    server.once('error', fail).listen(port, '127.0.0.1', () => done(server)),
  );
}

function find(command: string, args: string[], pattern: RegExp): string | undefined {
  try {
    const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return pattern.exec(output)?.[1];
  } catch {
    return undefined;
  }
}
