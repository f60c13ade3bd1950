/** Runs what belongs to one conversation in the order in which it came, what belongs to different ones side by side. */
export class TurnQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether something for this key runs here, or waits to. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  /** Runs `work` after what was put in before for the same key, whether that failed or not. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    this.#last.set(key, result);
    const forget = () => {
      if (this.#last.get(key) === result) this.#last.delete(key);
    };
    result.then(forget, forget);
    return result;
  }
}
