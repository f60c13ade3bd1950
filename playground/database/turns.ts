/** One at a time, in the order in which they asked: the embedded database has one session for all its clients. */
export class Turns {
  #owner: object | null = null;
  readonly #waiting: { who: object; go: () => void }[] = [];

  /** Resolves when it is `who`'s turn; at once when it is already. */
  async take(who: object): Promise<void> {
    if (this.#owner === who) return;
    if (this.#owner === null) {
      this.#owner = who;
      return;
    }
    await new Promise<void>((go) => this.#waiting.push({ who, go }));
  }

  /** Ends the turn of `who`; the next one has it then. */
  give(who: object): void {
    if (this.#owner !== who) return;
    const next = this.#waiting.shift();
    this.#owner = next?.who ?? null;
    next?.go();
  }
}
