/** What the bot is doing now, so that a stop signal can let it finish. */
export class Tasks {
  readonly #running = new Set<Promise<unknown>>();

  /** Follows `work` until it ends. It must handle its own errors. */
  track(work: Promise<unknown>): void {
    this.#running.add(work);
    work.finally(() => this.#running.delete(work));
  }

  get count(): number {
    return this.#running.size;
  }

  /** Resolves once nothing runs any more, including what was begun meanwhile; at the latest after `limitMs`. */
  async settled(limitMs: number): Promise<'settled' | 'timed-out'> {
    const limit = Promise.withResolvers<'timed-out'>();
    const timer = setTimeout(() => limit.resolve('timed-out'), limitMs);
    try {
      while (this.#running.size > 0) {
        const ended = await Promise.race([Promise.allSettled(this.#running), limit.promise]);
        if (ended === 'timed-out') return 'timed-out';
      }
      return 'settled';
    } finally {
      clearTimeout(timer);
    }
  }
}
