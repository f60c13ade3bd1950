import type { WebSocket } from 'ws';
import type { Told } from './protocol.ts';
import { type PageRequest, readRequest } from './requests.ts';

/** The open pages: tells them of what changed and answers what they ask. */
export class Live {
  readonly #sockets = new Set<WebSocket>();
  readonly #greet: () => Told[];
  readonly #perform: (request: PageRequest) => Promise<unknown>;

  /** `greet` gives what a new page must know, `perform` does what a page asks and throws why it cannot. */
  constructor(greet: () => Told[], perform: (request: PageRequest) => Promise<unknown>) {
    this.#greet = greet;
    this.#perform = perform;
  }

  connect(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.terminate());
    for (const told of this.#greet()) socket.send(JSON.stringify(told));
    socket.on('message', (data) => void this.#answer(socket, String(data)));
  }

  /** Tells every page. */
  tell(told: Told): void {
    const text = JSON.stringify(told);
    for (const socket of this.#sockets) socket.send(text);
  }

  async #answer(socket: WebSocket, text: string): Promise<void> {
    let to = 0;
    const reply = (told: Told) => socket.send(JSON.stringify(told));
    try {
      const { number, request } = readRequest(text);
      to = number;
      reply({ kind: 'answer', to, value: await this.#perform(request) });
    } catch (error) {
      reply({ kind: 'refused', to, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Runs `work` once, soon after the last of many calls in a row: at most every `everyMs`. */
export function coalesced(work: () => void, everyMs: number): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      work();
    }, everyMs).unref();
  };
}
