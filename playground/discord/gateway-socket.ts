import { constants, createDeflate } from 'node:zlib';
import type { WebSocket } from 'ws';
import type { Json } from '../json.ts';

/** One connection to the gateway: sends JSON, as one zlib stream when the client asked for that. */
export class GatewaySocket {
  readonly #socket: WebSocket;
  readonly #deflate: ReturnType<typeof createDeflate> | null;
  #chunks: Buffer[] = [];

  constructor(socket: WebSocket, compress: string | null) {
    this.#socket = socket;
    this.#deflate = compress === 'zlib-stream' ? createDeflate() : null;
    this.#deflate?.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
  }

  send(payload: Json): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const text = JSON.stringify(payload);
    if (this.#deflate === null) {
      this.#socket.send(text);
      return;
    }
    this.#deflate.write(text);
    this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
      const message = Buffer.concat(this.#chunks);
      this.#chunks = [];
      if (message.length > 0) this.#socket.send(message);
    });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.terminate();
  }
}
