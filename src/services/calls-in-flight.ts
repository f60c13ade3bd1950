type Person = { inFlight: number; waiting: (() => void)[] };

/** Fewer than the 32 connections to one address, so that one person's slow server leaves some for others at the same address. */
const mostOfOne = 20;

/** Counts each person's calls to media servers; a call over the limit waits until an earlier one ends. */
class CallsInFlight {
  readonly #people = new Map<string, Person>();

  /**
   * Waits until this person may send one more call. Gives a function to be called when it has ended. Rejects with the signal's reason.
   * Without a person nothing is counted.
   */
  async enter(person: string | undefined, signal: AbortSignal): Promise<() => void> {
    if (person === undefined) return () => {};
    const own = this.#people.get(person) ?? { inFlight: 0, waiting: [] };
    this.#people.set(person, own);
    if (own.inFlight < mostOfOne) own.inFlight++;
    else await this.#turn(own, signal);
    return () => this.#leave(person, own);
  }

  /** Waits for a place. A call that ends hands its place on, so the count stays the same. */
  #turn(own: Person, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => {
      const at = own.waiting.indexOf(resolve);
      if (at === -1) return;
      own.waiting.splice(at, 1);
      reject(signal.reason);
    };
    if (signal.aborted) return Promise.reject(signal.reason);
    own.waiting.push(resolve);
    signal.addEventListener('abort', stop, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', stop));
  }

  #leave(person: string, own: Person): void {
    const next = own.waiting.shift();
    if (next === undefined) own.inFlight--;
    else next();
    if (own.inFlight === 0) this.#people.delete(person);
  }
}

/** One for this process; its keys are ids of people, so it is not tied to one database. */
export const callsInFlight = new CallsInFlight();
