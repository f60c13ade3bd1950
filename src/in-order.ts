/** Runs work of one key in the order in which it came, one after the other; work of different keys runs side by side. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether work for this key runs, or waits to. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  /** Runs `work` after the earlier work of the same key, even if that failed: its failure is for whoever asked for it. */
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
