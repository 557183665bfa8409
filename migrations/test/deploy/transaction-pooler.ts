import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';

/** A pooler in transaction mode: between transactions a client may get any of the pool's connections. */
export async function startPooler(
  url: string,
  size: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const upstreams = await Promise.all(Array.from({ length: size }, () => openUpstream(url)));
  const pool = new Pool(upstreams.map(({ connection }) => connection.stream as Socket));
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client.on('error', () => undefined));
    serve(client, pool);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    close: async () => {
      for (const socket of [...clients, ...pool.all]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The client library logs in; from then on the bare connection is used. */
async function openUpstream(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  client.connection.stream.removeAllListeners('data');
  return client;
}

class Pool {
  readonly all: Socket[];
  readonly #free: Socket[];
  readonly #waiting: ((socket: Socket) => void)[] = [];

  constructor(sockets: Socket[]) {
    this.all = sockets;
    this.#free = [...sockets];
  }

  async take(): Promise<Socket> {
    const free = this.#free.pop();
    return free ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(socket: Socket): void {
    const next = this.#waiting.shift();
    if (next) next(socket);
    else this.#free.push(socket);
  }
}

function serve(client: Socket, pool: Pool): void {
  let upstream: Socket | undefined;
  let queue = Promise.resolve();
  const answer = (chunk: Buffer) => {
    client.write(chunk);
    if (!upstream || !endsIdle(chunk)) return;
    upstream.off('data', answer);
    pool.release(upstream);
    upstream = undefined;
  };
  client.once('data', () => {
    client.write(greeting);
    client.on('data', (chunk) => {
      queue = queue.then(async () => {
        if (chunk[0] === 'X'.charCodeAt(0)) return;
        if (!upstream) {
          upstream = await pool.take();
          upstream.on('data', answer);
        }
        upstream.write(chunk);
      });
    });
  });
}

const message = (type: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(5, type);
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};

const readyIdle = message('Z', Buffer.from('I'));
const endsIdle = (chunk: Buffer): boolean => chunk.subarray(-readyIdle.length).equals(readyIdle);

const greeting = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('S', Buffer.from('client_encoding\0UTF8\0')),
  message('K', Buffer.from([0, 0, 0, 7, 0, 0, 0, 7])),
  readyIdle,
]);
