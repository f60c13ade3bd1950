/**
 * Ends a conversation with the model that says nothing for `limitMs` milliseconds, or when `signal` is aborted. The SDK's
 * own `firstChunkMs` begins only once the answer's headers are there, so a server that never answers would hang for ever.
 */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #limitMs: number;
  readonly #outer: AbortSignal;
  readonly #pass = () => this.#controller.abort(this.#outer.reason);
  #timer: NodeJS.Timeout | undefined;
  #busy = 0;
  #ended = false;
  #timedOut = false;

  constructor({ limitMs, signal }: { limitMs: number; signal: AbortSignal }) {
    this.#limitMs = limitMs;
    this.#outer = signal;
    if (signal.aborted) this.#pass();
    else signal.addEventListener('abort', this.#pass, { once: true });
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the silence that ended it. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** Something came: the time begins anew. */
  heard(): void {
    clearTimeout(this.#timer);
    if (this.#ended || this.#busy > 0) return;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller.abort(new DOMException('the model was silent for too long', 'TimeoutError'));
    }, this.#limitMs);
  }

  /** The time that `work`, a look-up of ours, takes is not the model's. */
  async aside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#busy++;
    clearTimeout(this.#timer);
    try {
      return await work();
    } finally {
      this.#busy--;
      this.heard();
    }
  }

  /** Ends the conversation for a reason of ours. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Forgets timer and listener. */
  stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#pass);
  }
}
