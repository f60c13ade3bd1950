/**
 * Ends a request to the model when it is silent for `limitMs` milliseconds, or when `signal` is aborted. The SDK's own
 * `firstChunkMs` starts only when the answer's headers have arrived, so a server that never answers would hang for ever.
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

  /** Whether silence ended the request. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** The model sent something: the time starts again. */
  heard(): void {
    clearTimeout(this.#timer);
    if (this.#ended || this.#busy > 0) return;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller.abort(new DOMException('the model was silent for too long', 'TimeoutError'));
    }, this.#limitMs);
  }

  /** Stops the clock while `work`, one of our own look-ups, runs. */
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

  /** Ends the request for another reason. */
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
