import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, so that a test can take the server away: refused, or there and silent. */
export class TcpProxy {
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #isSilent = false;
  port = 0;

  constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  /** Listens, on the same port as before when it did already. */
  async open(): Promise<void> {
    this.#isSilent = false;
    this.#cut();
    if (this.#server !== null) return;
    const server = createServer((client) => this.#forward(client));
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
    this.#server = server;
  }

  /** As when the server was stopped: what is open breaks, what is new is refused. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#cut();
    if (server === null) return;
    server.close();
    await once(server, 'close');
  }

  /** As when the network swallows everything: connections stay, and nothing comes back. */
  silence(): void {
    this.#isSilent = true;
  }

  #forward(client: Socket): void {
    const server = connect(this.#target);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (!this.#isSilent) to.write(chunk);
      });
      // An error ends in a close, which ends the other side.
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
