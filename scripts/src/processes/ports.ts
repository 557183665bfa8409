import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { commandOf } from './process.js';

/** None of these is given by the system to a connection that somebody opens, neither on Linux nor on macOS. */
const lasting = { from: 10_000, to: 30_000 };

/** A port of 127.0.0.1 that nobody listens on, and that stays free until it is used, now or after a restart. */
export async function freePort(): Promise<number> {
  const port = randomInt(lasting.from, lasting.to);
  return (await isPortFree(port)) ? port : freePort();
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
