import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and PostgreSQL and fails in the ways a network or a starting server does. */
export interface TcpProxy {
  port: number;
  /** Closes every connection at once. */
  cut(): void;
  /** Keeps the connections and passes nothing on any more. */
  freeze(): void;
  /** Answers new connections with this error of PostgreSQL; undefined lets them through again. */
  refuse(error: { code: string; message: string } | undefined): void;
  /** The URL, by way of the proxy. */
  through(url: string): string;
  close(): Promise<void>;
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let refusal: Buffer | undefined;
  const server = createServer((client) => {
    track(sockets, client);
    const refused = refusal;
    if (refused) {
      client.once('data', () => client.end(refused));
      return;
    }
    const upstream = track(sockets, connect(target, '127.0.0.1'));
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    cut,
    freeze: () => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    refuse: (error) => {
      refusal = error && errorResponse(error);
    },
    through: (url) => Object.assign(new URL(url), { port: String(port) }).href,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket);
  return socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
}

function errorResponse({ code, message }: { code: string; message: string }): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const header = Buffer.alloc(5, 'E');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
