import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

type Connection = { client: Socket; server: Socket; isSilent: boolean; isCutNext: boolean };

/**
 * How one connection breaks: closed by both sides, closed by the server alone, reset, in the middle of an answer, or not at all, but
 * nothing comes through any more.
 */
export const breaks = ['cut', 'end', 'reset', 'half', 'silence'] as const;

/** Stands between a client and a server, so that a test can take the server away: refused, or there and silent. */
export class TcpProxy {
  readonly #target: { host: string; port: number };
  readonly #connections = new Set<Connection>();
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

  /** Breaks one of the open connections, whichever it is; false when there is none. */
  breakOne(how: (typeof breaks)[number]): boolean {
    const all = [...this.#connections];
    const one = all[Math.floor(Math.random() * all.length)];
    if (one === undefined) return false;
    if (how === 'cut') one.client.destroy();
    if (how === 'end') one.client.end();
    if (how === 'reset') one.client.resetAndDestroy();
    if (how === 'half') one.isCutNext = true;
    if (how === 'silence') one.isSilent = true;
    return true;
  }

  #forward(client: Socket): void {
    const server = connect(this.#target);
    const connection: Connection = { client, server, isSilent: false, isCutNext: false };
    this.#connections.add(connection);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        if (this.#isSilent || connection.isSilent) return;
        const isLast = connection.isCutNext && to === client;
        to.write(isLast ? chunk.subarray(0, chunk.length / 2) : chunk);
        if (isLast) to.destroySoon();
      });
      // An error ends in a close, which ends the other side.
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.#connections.delete(connection);
        to.destroy();
      });
    }
  }

  #cut(): void {
    for (const { client, server } of this.#connections) {
      client.destroy();
      server.destroy();
    }
  }
}
