import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LiveReport {
  url: string;
  close(): Promise<void>;
}

interface LiveOptions {
  port: number;
  /** The whole page, for a browser that comes. */
  page: () => Promise<string>;
  /** The parts that may have changed, by element id. */
  parts: () => Promise<Record<string, string>>;
  /** Milliseconds between two looks at the database. */
  interval: number;
}

/** Serves the page on loopback and pushes its parts to every open browser when they have changed. */
export async function serveReport({ port, page, parts, interval }: LiveOptions): Promise<LiveReport> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (!isLoopback(request.headers.host))
      return void response.writeHead(403).end('Open this report as 127.0.0.1 or localhost.\n');
    if (request.url === '/events') return listen(response, listeners);
    if (request.url !== '/') return void response.writeHead(404).end();
    page().then(
      (html) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html),
      (error: Error) =>
        response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(error.message),
    );
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  const stop = poll(interval, parts, (changed) => {
    for (const listener of listeners) listener.write(`data: ${JSON.stringify(changed)}\n\n`);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => closeAll(server, stop) };
}

/** Any page that a browser shows can have its own name resolve to this machine, and would then read what is served. */
const isLoopback = (host = ''): boolean => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);

function listen(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}

type Parts = Record<string, string>;

function poll(interval: number, read: () => Promise<Parts>, changed: (parts: Parts) => void): () => void {
  let known: Parts | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    // A database that restarts is part of what one watches for; the next look sees it again.
    const parts = await read().catch(() => known);
    const news = Object.entries(parts ?? {}).filter(([id, text]) => known?.[id] !== text);
    if (known && news.length > 0) changed(Object.fromEntries(news));
    known = parts;
    if (!stopped) timer = setTimeout(look, interval);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function closeAll(server: Server, stop: () => void): Promise<void> {
  stop();
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
